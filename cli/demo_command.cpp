// `kurabe demo`: a fleet of invented hosts with histories, and the configuration that shows them.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/rrdtool/output_file.hpp"
#include "collectors/demo_fleet.hpp"
#include "server/metadata.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

namespace {

namespace fs = std::filesystem;

constexpr store::Seconds kMinute{60};
constexpr int kMinutesPerBatch = 120;

Result<void> make_empty_directory(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        return fail(ErrorCode::kSystem,
                    "cannot make " + directory.string() + ": " + error.message());
    }
    if (!fs::is_empty(directory, error) || error) {
        return fail(ErrorCode::kInvalid,
                    directory.string() + " is not empty; name a directory to make");
    }
    return {};
}

// Fills the store with one host after the other; shared by the filling threads.
class Filling {
  public:
    Filling(const collectors::DemoFleet& fleet, store::Store& opened, server::Metadata& metadata,
            store::Time begin, store::Time end)
        : fleet_(fleet), store_(opened), metadata_(metadata), begin_(begin), end_(end) {}

    // Takes hosts until none is left; to be called from several threads at once.
    void work() {
        for (std::size_t host = next_++; host < fleet_.hosts().size(); host = next_++) {
            auto filled = fill(host);
            const std::lock_guard lock(mutex_);
            if (!filled && !error_) {
                error_ = filled.error();
            }
            std::fprintf(stderr, "\r%zu/%zu hosts", ++done_, fleet_.hosts().size());
        }
    }

    [[nodiscard]] Result<void> result() const {
        if (error_) {
            return std::unexpected(*error_);
        }
        return {};
    }

  private:
    Result<void> fill(std::size_t host) {
        const std::vector<std::string> keys = fleet_.keys(host);
        store::Batch batch = empty_batch(host, keys);
        std::vector<store::RawValue> values(keys.size());
        std::size_t used = 0;
        for (store::Time time = begin_; time <= end_; time += kMinute) {
            if (fleet_.readings(host, time, values)) {
                for (const store::RawValue& value : values) {
                    batch.samples[used].value = value;
                    batch.samples[used].time = time;
                    ++used;
                }
            }
            if (used == batch.samples.size() || (time + kMinute > end_ && used > 0)) {
                batch.samples.resize(used);
                const auto stored = store_.append(batch);
                if (!stored) {
                    return std::unexpected(stored.error());
                }
                batch = empty_batch(host, keys);
                used = 0;
            }
        }
        return describe(host);
    }

    // Room for kMinutesPerBatch readings of all keys.
    store::Batch empty_batch(std::size_t host, const std::vector<std::string>& keys) const {
        store::Batch batch{fleet_.hosts()[host].address, {}};
        batch.samples.reserve(keys.size() * kMinutesPerBatch);
        for (int minute = 0; minute < kMinutesPerBatch; ++minute) {
            for (const std::string& key : keys) {
                batch.samples.push_back({"base", key, {}, {}});
            }
        }
        return batch;
    }

    // Keeps the meta of the host's last report, so that a dead host has its graphs, too.
    Result<void> describe(std::size_t host) {
        for (store::Time time = end_; time >= begin_; time -= kMinute) {
            if (auto report = fleet_.report(host, time)) {
                const auto stored = metadata_.store(*report, time);
                if (!stored) return std::unexpected(stored.error());
                return {};
            }
        }
        return {};
    }

    const collectors::DemoFleet& fleet_;
    store::Store& store_;
    server::Metadata& metadata_;
    store::Time begin_;
    store::Time end_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;  // guards done_, error_ and the progress line
    std::size_t done_ = 0;
    std::optional<Error> error_;
};

Result<void> fill_all(const collectors::DemoFleet& fleet, const fs::path& data, store::Time begin,
                      store::Time end) {
    auto opened = store::Store::open(data, {});
    if (!opened) {
        return std::unexpected(opened.error());
    }
    auto metadata =
        server::Metadata::open(data / "metadata.sqlite", server::Metadata::Access::kWrite);
    if (!metadata) {
        return std::unexpected(metadata.error());
    }
    Filling filling(fleet, **opened, **metadata, begin, end);
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
            threads.emplace_back([&filling] { filling.work(); });
        }
    }
    std::fputc('\n', stderr);
    if (auto filled = filling.result(); !filled) {
        return filled;
    }
    return (*opened)->close();
}

// Service -> label -> lines of hosts, in the order of their first host.
std::string configuration_text(const collectors::DemoFleet& fleet,
                               const collectors::DemoParameters& parameters) {
    std::map<std::string, std::map<std::string, std::string>> services;
    for (const collectors::DemoHost& host : fleet.hosts()) {
        services[host.service][host.label] +=
            fmt::format("  - {} {}{}{}\n", host.address, host.hostname,
                        host.comments.empty() ? "" : " ", host.comments);
    }
    std::string text = fmt::format(
        "# Invented hosts; 'demo' says which, so that the server can go on with their histories.\n"
        "---\nconfig:\n  data_dir: data\n  rolls_dir: rolls\n"
        "  access: {{ mode: open }}  # also where --listen lets other machines in\n"
        "  demo: {{ seed: {}, hosts: {}, end: {} }}\n",
        parameters.seed, parameters.hosts, parameters.end.time_since_epoch().count());
    for (const auto& [service, labels] : services) {
        text += fmt::format("---\nservice: {}\nservers:\n", service);
        for (const auto& [label, hosts] : labels) {
            text += fmt::format("- roll: base.yml\n  label: {}\n  collect: demo\n  hosts:\n{}",
                                label, hosts);
        }
    }
    return text;
}

}  // namespace

Result<void> run_demo(const DemoCommand& command, const Environment& environment,
                      rrdtool::Output& out) {
    if (auto made = make_empty_directory(command.directory); !made) {
        return made;
    }
    const store::Time now = environment.now();
    const store::Time end = now - now.time_since_epoch() % kMinute;
    const store::Time begin = end - std::chrono::days{command.days};
    const collectors::DemoParameters parameters{
        .seed = command.seed, .hosts = command.hosts, .end = end};
    const collectors::DemoFleet fleet(parameters);
    const fs::path data = command.directory / "data";
    const fs::path configuration = command.directory / "kurabe.yml";
    if (auto filled = fill_all(fleet, data, begin, end); !filled) {
        return filled;
    }
    std::error_code error;
    fs::create_directory(command.directory / "rolls", error);
    const auto roll = rrdtool::write_output((command.directory / "rolls/base.yml").string(),
                                            "metrics:\n- base\n");
    if (!roll) {
        return roll;
    }
    const auto written =
        rrdtool::write_output(configuration.string(), configuration_text(fleet, parameters));
    if (!written) {
        return written;
    }
    out.write(
        fmt::format("configuration {0}, data directory {1}; to see them:\n"
                    "    kurabe serve --config {0}\n",
                    configuration.string(), data.string()));
    return {};
}

}  // namespace kurabe::cli

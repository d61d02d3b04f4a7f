// `kurabe retention` and `kurabe retire`: archives of a data directory made anew with other rings,
// or without series that are silent.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "store/counted.hpp"
#include "store/data_directory.hpp"
#include "store/duration.hpp"
#include "store/local_store.hpp"

namespace kurabe::cli {

namespace {

using store::LocalStore;

Result<std::unique_ptr<LocalStore>> open(const std::filesystem::path& directory, bool writes) {
    if (!store::is_data_directory(directory)) {
        return fail(ErrorCode::kInvalid, store::not_a_data_directory(directory));
    }
    store::StoreOptions options;
    options.open_archives_max = open_archives_max();
    if (!writes) options.access = store::StoreOptions::Access::kRead;
    auto opened = LocalStore::open_local(directory, options);
    if (!opened && opened.error().code == ErrorCode::kInUse) {
        return fail(ErrorCode::kInUse, opened.error().message + "; stop it first");
    }
    return opened;
}

// Goes on after a host that fails; closes the store when it was written.
Result<void> for_each_host(LocalStore& opened, const std::vector<std::string>& wanted, bool writes,
                           const std::function<Result<void>(const std::string&)>& run) {
    std::size_t failed = 0;
    for (const std::string& host : wanted.empty() ? opened.hosts() : wanted) {
        const auto done = run(host);
        if (done) continue;
        ++failed;
        fmt::print(stderr, "{}: {}\n", host, done.error().message);
    }
    if (writes) {
        if (auto closed = opened.close(); !closed) return closed;
    }
    if (failed == 0) return {};
    return fail(ErrorCode::kSystem, store::counted(failed, "host", "hosts") + " failed");
}

Result<void> tell_retention(const RetentionCommand& command, rrdtool::Output& out) {
    const auto opened = open(command.directory, false);
    if (!opened) return std::unexpected(opened.error());
    return for_each_host(**opened, command.hosts, false,
                         [&](const std::string& host) -> Result<void> {
                             const auto retention = (*opened)->retention(host);
                             if (!retention) return std::unexpected(retention.error());
                             out.write(fmt::format("{} {}\n", host, retention->text()));
                             return {};
                         });
}

// What the old rings have and the new ones have not room for; empty when they have all of it.
std::string losses(const store::Retention& before, const store::Retention& after) {
    std::string lost;
    for (const store::RingShape& ring : before.rings) {
        const store::Seconds resolution = before.step * ring.pdp_per_row;
        const auto same = std::ranges::find_if(after.rings, [&](const store::RingShape& other) {
            return after.step * other.pdp_per_row == resolution;
        });
        if (same != after.rings.end() && same->rows >= ring.rows) continue;
        if (!lost.empty()) lost += ", ";
        lost += same == after.rings.end()
                    ? fmt::format("rows of {} s", resolution.count())
                    : fmt::format("rows of {} s older than {} s", resolution.count(),
                                  resolution.count() * same->rows);
    }
    return lost;
}

}  // namespace

Result<void> run_retention(const RetentionCommand& command, rrdtool::Output& out) {
    if (!command.rings) return tell_retention(command, out);
    const auto wanted = store::Retention::parse(*command.rings);
    if (!wanted) return std::unexpected(wanted.error());
    const auto opened = open(command.directory, command.really);
    if (!opened) return std::unexpected(opened.error());
    auto done = for_each_host(
        **opened, command.hosts, command.really, [&](const std::string& host) -> Result<void> {
            const auto before = (*opened)->retention(host);
            if (!before) return std::unexpected(before.error());
            if (command.really) {
                if (auto changed = (*opened)->change_retention(host, *wanted); !changed) {
                    return changed;
                }
            }
            const std::string lost = losses(*before, *wanted);
            out.write(fmt::format("{} {} was {}; {}\n", host, wanted->text(), before->text(),
                                  lost.empty() ? "all is kept" : "not kept: " + lost));
            return {};
        });
    if (!command.really) out.write("nothing was changed; --really changes them\n");
    return done;
}

Result<void> run_retire(const RetireCommand& command, const Environment& environment,
                        rrdtool::Output& out) {
    const auto silence = store::parse_duration(command.silent);
    if (!silence) {
        return fail(ErrorCode::kInvalid, "--silent: " + silence.error().message);
    }
    const store::SampleTime since = environment.now() - *silence;
    const auto opened = open(command.directory, command.really);
    if (!opened) return std::unexpected(opened.error());
    std::size_t count = 0;
    const auto tell = [&](const std::string& host, const std::string& name) {
        ++count;
        out.write(fmt::format("{}/{}\n", host, name));
    };
    auto done = for_each_host(**opened, command.hosts, command.really,
                              [&](const std::string& host) -> Result<void> {
                                  if (command.really) {
                                      const auto retired = (*opened)->retire(host, since);
                                      if (!retired) return std::unexpected(retired.error());
                                      for (const std::string& name : *retired) tell(host, name);
                                      return {};
                                  }
                                  const auto series = (*opened)->series(host);
                                  if (!series) return std::unexpected(series.error());
                                  for (const store::SeriesInfo& info : *series) {
                                      if (info.last_update >= since) continue;
                                      tell(host, info.name.plugin + '/' + info.name.key);
                                  }
                                  return {};
                              });
    out.write(fmt::format("{} series {}\n", count,
                          command.really ? "removed" : "are silent; --really removes them"));
    return done;
}

}  // namespace kurabe::cli

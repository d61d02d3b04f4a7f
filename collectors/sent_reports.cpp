// Lines of one host and plugin mostly follow each other, so the last ones are looked at first.
#include "collectors/sent_reports.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors {
namespace {

// The store's message holds all of the value, as rrdtool's does.
Error shown(const Error& error, std::string_view value) {
    constexpr std::size_t kShownBytesMax = 100;
    if (value.size() <= kShownBytesMax) return error;
    return {error.code, fmt::format("the value '{}...' of {} bytes is wrong",
                                    store::utf8_prefix(value, kShownBytesMax), value.size())};
}

}  // namespace

std::string readable(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 0 || byte < 0x20 || byte == 0x7f) {
            shown += '?';
        } else {
            shown += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

Result<void> SentReports::choose_host(std::string_view host, std::size_t samples) {
    if (!filled_.empty() && host == filled_[filling_].report.batch.host) return {};
    const auto known = places_.find(host);
    if (known == places_.end()) return begin_name(host, samples);
    filling_ = known->second;
    return {};
}

Result<void> SentReports::begin_name(std::string_view name, std::size_t samples) {
    if (const auto file = store::archive_name_of(name); !file) {
        return std::unexpected(file.error());
    }
    auto host = host_of_ ? host_of_(name) : Result<std::string>(name);
    if (!host) {
        if (host.error().code != ErrorCode::kInvalid) ++done_.forbidden;
        return std::unexpected(std::move(host).error());
    }
    const auto known = places_.find(*host);
    if (known != places_.end()) {
        filling_ = known->second;
    } else if (auto begun = begin_host(*std::move(host), samples); !begun) {
        return begun;
    }
    places_.emplace(name, filling_);
    return {};
}

Result<void> SentReports::begin_host(std::string host, std::size_t samples) {
    if (filled_.size() >= kLineHostsMax) {
        return fail(ErrorCode::kInvalid, fmt::format("more than {} hosts", kLineHostsMax));
    }
    filling_ = filled_.size();
    Filling& begun = filled_.emplace_back();
    places_.emplace(host, filling_);
    begun.report.batch.host = std::move(host);
    // Most bodies are one host's: room for all of it at once.
    constexpr std::size_t kMost = 1024;
    begun.report.batch.samples.reserve(std::min(samples, kMost));
    return {};
}

Result<void> SentReports::check_plugin(std::string_view plugin) {
    if (plugin == plugin_) return {};
    auto checked = store::check_plugin(plugin);
    if (checked) plugin_ = plugin;
    return checked;
}

Result<void> SentReports::add_sample(std::string_view plugin, std::string_view key,
                                     std::string_view value, store::SampleTime time) {
    if (auto checked = check_plugin(plugin); !checked) return checked;
    if (auto checked = store::check_key(key); !checked) return checked;
    const auto type = store::ds_type_of_key(key);
    if (!type) return std::unexpected(type.error());
    const auto raw = store::parse_raw_value(value, *type);
    if (!raw) return std::unexpected(shown(raw.error(), value));
    Filling& filling = filled_[filling_];
    if (time < filling.newest_sample) filling.is_in_order = false;
    filling.newest_sample = std::max(filling.newest_sample, time);
    filling.report.batch.samples.push_back({std::string(plugin), std::string(key), *raw, time});
    ++done_.taken;
    return {};
}

Result<void> SentReports::add_meta(std::string_view plugin, std::string_view key,
                                   std::string_view value, store::SampleTime time) {
    if (auto checked = check_plugin(plugin); !checked) return checked;
    if (auto checked = store::check_key(key); !checked) return checked;
    Filling& filling = filled_[filling_];
    filling.newest_text = std::max(filling.newest_text, time);
    filling.report.meta.push_back({std::string(plugin), readable(key), readable(value)});
    ++done_.taken;
    return {};
}

Result<void> SentReports::add_warning(std::string_view plugin, std::string_view key,
                                      std::string_view text, store::SampleTime time) {
    if (auto checked = check_plugin(plugin); !checked) return checked;
    if (auto checked = store::check_key(key); !checked) return checked;
    Filling& filling = filled_[filling_];
    filling.newest_text = std::max(filling.newest_text, time);
    filling.report.warnings.push_back({std::string(plugin), readable(key), readable(text)});
    ++done_.taken;
    return {};
}

void SentReports::refuse(std::optional<std::size_t> line, std::string reason, std::string subject) {
    ++done_.refused;
    if (done_.errors.size() >= kLineErrorsMax) return;
    done_.errors.push_back({line, std::move(reason), std::move(subject)});
}

ReadLines SentReports::finish() {
    for (Filling& filling : filled_) {
        Report& report = filling.report;
        auto& samples = report.batch.samples;
        if (samples.empty() && report.meta.empty() && report.warnings.empty()) continue;
        report.is_sign_of_life = !samples.empty() || !report.meta.empty();
        if (!filling.is_in_order) std::ranges::stable_sort(samples, {}, &store::Sample::time);
        const bool has_text = filling.newest_text != store::SampleTime{};
        report.time = std::chrono::floor<std::chrono::seconds>(has_text ? filling.newest_text
                                                                        : filling.newest_sample);
        done_.reports.push_back(std::move(report));
    }
    return std::move(done_);
}

}  // namespace kurabe::collectors

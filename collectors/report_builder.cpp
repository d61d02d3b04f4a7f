// Gathers one plugin's samples, meta and warnings of one host into a Report.
#include "collectors/report_builder.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/ascii.hpp"

namespace kurabe::collectors {
namespace {

using store::is_control;

}  // namespace

ReportBuilder::ReportBuilder(std::string_view host, std::string_view plugin, store::Time now)
    : plugin_(plugin) {
    report_.batch.host = host;
    report_.time = now;
}

void ReportBuilder::gauge(std::string name, double value) {
    add(std::move(name) + ".gauge", store::RawValue::of(value));
}

// An unknown reading a second before the next one, so that no more than that interval is unknown.
void ReportBuilder::derive_gap(std::string name) {
    report_.batch.samples.push_back({plugin_, std::move(name) + ".derive",
                                     store::RawValue::unknown(),
                                     report_.time - std::chrono::seconds{1}});
}

void ReportBuilder::meta(std::string key, std::string_view value) {
    std::string text(value);
    std::ranges::replace_if(text, is_control, '?');
    report_.meta.push_back({plugin_, std::move(key), std::move(text)});
}

void ReportBuilder::warn(std::string_view key, std::string text) {
    std::ranges::replace_if(text, is_control, '?');
    report_.warnings.push_back({plugin_, std::string(key), std::move(text)});
}

void ReportBuilder::add(std::string key, store::RawValue value) {
    report_.batch.samples.push_back({plugin_, std::move(key), value, report_.time});
}

}  // namespace kurabe::collectors

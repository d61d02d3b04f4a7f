// The fleet of invented hosts: who they are, and their machines' readings as reports.
#include "collectors/demo_fleet.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace kurabe::collectors {

namespace {

constexpr std::string_view kFleetPlugin = "base";
constexpr std::string_view kNetwork = "10.0.";
// 10.0.X.11 to 10.0.X.210, then the next X.
constexpr std::size_t kHostsPerSubnet = 200;
constexpr std::size_t kFirstInSubnet = 11;
// Each oddity once, and a host without.
constexpr std::size_t kOddFleetMin = demo::kOddities.size() + 1;

std::string address_of(std::size_t host) {
    return fmt::format("{}{}.{}", kNetwork, host / kHostsPerSubnet,
                       host % kHostsPerSubnet + kFirstInSubnet);
}

// The odd ones are spread evenly over the fleet, so that most services have one.
demo::Oddity oddity_of(std::size_t host, std::size_t hosts) {
    if (hosts < kOddFleetMin) {
        return demo::Oddity::kNone;
    }
    for (std::size_t i = 0; i < demo::kOddities.size(); ++i) {
        if (host == (i + 1) * hosts / kOddFleetMin) {
            return demo::kOddities[i];
        }
    }
    return demo::Oddity::kNone;
}

DemoHost host_of(const demo::Role& role, std::size_t host, std::size_t number) {
    return {.address = address_of(host),
            .hostname = fmt::format("{}{:02}", role.hostname, number),
            .comments = number == 1 ? std::string(role.comments) : std::string(),
            .service = std::string(role.service),
            .label = std::string(role.label)};
}

}  // namespace

DemoFleet::DemoFleet(const DemoParameters& parameters) {
    const auto count = static_cast<std::size_t>(std::clamp(parameters.hosts, 0, kDemoHostsMax));
    hosts_.reserve(count);
    machines_.reserve(count);
    const demo::Role* previous = nullptr;
    std::size_t number = 0;  // of the host within its role
    for (std::size_t host = 0; host < count; ++host) {
        const demo::Role& role = demo::role_of(host, count);
        number = &role == previous ? number + 1 : 1;
        previous = &role;
        hosts_.push_back(host_of(role, host, number));
        machines_.emplace_back(role, oddity_of(host, count), demo::seed_of(parameters.seed, host),
                               parameters.end);
    }
}

std::optional<std::size_t> DemoFleet::find(std::string_view address) const noexcept {
    if (!address.starts_with(kNetwork)) {
        return std::nullopt;
    }
    const char* const end = address.data() + address.size();
    std::size_t subnet = 0;
    const auto [dot, error] = std::from_chars(address.data() + kNetwork.size(), end, subnet);
    if (error != std::errc{} || dot == end || subnet > 255) {
        return std::nullopt;
    }
    std::size_t number = 0;
    std::from_chars(dot + 1, end, number);
    const std::size_t host = subnet * kHostsPerSubnet + number - kFirstInSubnet;
    // Comparing the text refuses whatever else was written in or around the numbers.
    if (host >= hosts_.size() || hosts_[host].address != address) {
        return std::nullopt;
    }
    return host;
}

demo::Oddity DemoFleet::oddity(std::size_t host) const noexcept {
    return oddity_of(host, hosts_.size());
}

std::optional<Report> DemoFleet::report(std::size_t host, store::Time time) const {
    std::vector<std::string> names = keys(host);
    std::vector<store::RawValue> values(names.size());
    if (!readings(host, time, values)) {
        return std::nullopt;
    }
    Report report;
    report.batch.host = hosts_[host].address;
    report.batch.samples.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        report.batch.samples.push_back({.plugin = std::string(kFleetPlugin),
                                        .key = std::move(names[i]),
                                        .value = values[i],
                                        .time = time});
    }
    report.time = time;
    report.meta = machines_[host].meta(time);
    return report;
}

std::vector<std::string> DemoFleet::keys(std::size_t host) const {
    return machines_[host].keys();
}

bool DemoFleet::readings(std::size_t host, store::Time time,
                         std::span<store::RawValue> values) const noexcept {
    const demo::Machine& machine = machines_[host];
    if (!machine.reports_at(time)) {
        return false;
    }
    machine.read(time, values);
    return true;
}

}  // namespace kurabe::collectors

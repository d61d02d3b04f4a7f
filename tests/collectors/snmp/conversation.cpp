// Interviews with devices that are objects in memory.
#include "tests/collectors/snmp/conversation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::collectors::snmp::test {
namespace {

tests::SnmpMessage message_of(const Request& request, const std::string& community) {
    const std::uint8_t kind = request.way == Request::Way::kGet    ? tests::SnmpMessage::kGet
                              : request.way == Request::Way::kNext ? tests::SnmpMessage::kNext
                                                                   : tests::SnmpMessage::kBulk;
    tests::SnmpMessage message{.community = community, .kind = kind, .id = 1, .bindings = {}};
    message.error_index = static_cast<std::int64_t>(request.rows);
    for (const OidView name : request.names) {
        message.bindings.emplace_back(tests::SnmpOid(name.begin(), name.end()), tests::SnmpValue{});
    }
    return message;
}

Kind kind_of(tests::SnmpTag tag) {
    switch (tag) {
        case tests::SnmpTag::kInteger:
            return Kind::kInteger;
        case tests::SnmpTag::kText:
            return Kind::kText;
        case tests::SnmpTag::kOid:
            return Kind::kOid;
        case tests::SnmpTag::kCounter32:
            return Kind::kCounter32;
        case tests::SnmpTag::kGauge:
            return Kind::kGauge;
        case tests::SnmpTag::kTicks:
            return Kind::kTicks;
        case tests::SnmpTag::kCounter64:
            return Kind::kCounter64;
        case tests::SnmpTag::kEndOfView:
            return Kind::kEnd;
        default:
            return Kind::kMissing;
    }
}

ErrorStatus status_of(std::int64_t number) {
    if (number == 0) return ErrorStatus::kNone;
    if (number == 1) return ErrorStatus::kTooBig;
    if (number == 2) return ErrorStatus::kNoSuchName;
    return number == 5 ? ErrorStatus::kGeneral : ErrorStatus::kOther;
}

}  // namespace

Result<Report> Conversation::poll(store::Seconds elapsed) {
    at_ += elapsed;
    now_ += elapsed;
    ways_.clear();
    Interview interview(memory_, wanted_, filters_);
    while (const auto request = interview.next()) {
        ways_.push_back(request->way);
        const auto reply = tests::reply_of(device, message_of(*request, device.community));
        if (!reply) {
            if (interview.can_do_without_answer()) continue;
            return fail(ErrorCode::kSystem, "no answer");
        }
        std::vector<Binding> bindings;
        for (const auto& [name, value] : reply->bindings) {
            bindings.push_back({.name = name,
                                .kind = kind_of(value.tag),
                                .number = value.number,
                                .text = value.text,
                                .oid = value.oid});
        }
        auto taken = interview.take({.status = status_of(reply->error_status),
                                     .status_number = reply->error_status,
                                     .error_index = static_cast<std::size_t>(reply->error_index),
                                     .bindings = bindings},
                                    at_, now_);
        if (!taken) return std::unexpected(taken.error());
    }
    return interview.report("sw1", goes_on);
}

void Conversation::set_uptime(std::uint64_t ticks) {
    device.objects[{1, 3, 6, 1, 2, 1, 1, 3, 0}] = {.tag = tests::SnmpTag::kTicks, .number = ticks};
}

std::optional<std::string> value_of(const Report& report, const std::string& key) {
    std::optional<std::string> text;
    for (const auto& sample : report.batch.samples) {
        if (sample.key != key) continue;
        switch (sample.value.kind) {
            case store::RawValue::Kind::kNumber:
                text = fmt::format("{}", sample.value.number);
                break;
            case store::RawValue::Kind::kInteger:
                text = fmt::format("{}", sample.value.integer);
                break;
            case store::RawValue::Kind::kMissing:
                text = "U";
                break;
        }
    }
    return text;
}

bool has_gap(const Report& report, const std::string& key) {
    return std::ranges::any_of(report.batch.samples, [&](const store::Sample& sample) {
        return sample.key == key && sample.value.kind == store::RawValue::Kind::kMissing &&
               sample.time == report.time - store::Seconds{1};
    });
}

std::string meta_of(const Report& report, const std::string& key) {
    const auto found = std::ranges::find(report.meta, key, &Meta::key);
    return found == report.meta.end() ? "none" : found->value;
}

std::set<std::string> keys_of(const Report& report) {
    std::set<std::string> keys;
    for (const auto& sample : report.batch.samples) keys.insert(sample.key);
    return keys;
}

}  // namespace kurabe::collectors::snmp::test

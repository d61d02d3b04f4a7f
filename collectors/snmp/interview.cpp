// A poll of a device whose plan is known asks for the plan's objects. One that is new, or no longer
// as it was, is surveyed before: its scalars, then its tables.
#include "collectors/snmp/interview.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::collectors::snmp {
namespace {

// What it may take in an answer: a number nine bytes, a name or description more.
std::size_t estimated_bytes(const Instance& instance) {
    constexpr std::size_t kHeaders = 6;
    constexpr std::size_t kNumber = 9;
    constexpr std::size_t kText = 100;
    std::size_t value = kNumber;
    if (instance.role == Instance::Role::kMeta) value = kText;
    if (instance.role == Instance::Role::kName) value = instance.key.size();
    return encoded_bytes(instance.name) + value + kHeaders;
}

// Whether there is more than what describes the device.
bool has_metrics(const Plan& plan) {
    using Role = Instance::Role;
    return plan.processors || std::ranges::any_of(plan.instances, [](const Instance& instance) {
               return instance.role != Role::kUptime && instance.role != Role::kHostUptime &&
                      instance.role != Role::kGuard && instance.role != Role::kMeta;
           });
}

}  // namespace

void Questionnaire::begin(std::span<const Instance> instances) {
    instances_ = instances;
    values_.assign(instances.size(), {});
    given_up_.assign(instances.size(), false);
    next_ = 0;
}

Request Questionnaire::next(std::size_t message_bytes_max) {
    Request request{.way = Request::Way::kGet};
    asked_.clear();
    std::size_t bytes = 0;
    for (std::size_t i = next_; i < instances_.size(); ++i) {
        if (given_up_[i]) continue;
        bytes += estimated_bytes(instances_[i]);
        if (bytes > message_bytes_max && !asked_.empty()) break;
        asked_.push_back(i);
        request.names.emplace_back(instances_[i].name);
    }
    return request;
}

Result<void> Questionnaire::take(std::span<const Binding> bindings) {
    if (bindings.size() != asked_.size()) {
        return fail(ErrorCode::kInvalid, fmt::format("the device answers {} questions with {}",
                                                     asked_.size(), bindings.size()));
    }
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        const OidView name = instances_[asked_[i]].name;
        if (!are_equal(bindings[i].name, name)) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("the device answers with {} instead of {}",
                                    oid_text(bindings[i].name), oid_text(name)));
        }
        values_[asked_[i]] = Value::of(bindings[i]);
    }
    next_ = asked_.back() + 1;
    while (next_ < instances_.size() && given_up_[next_]) ++next_;
    return {};
}

bool Questionnaire::give_up(std::size_t index) {
    if (index == 0 || index > asked_.size()) return false;
    given_up_[asked_[index - 1]] = true;
    while (next_ < instances_.size() && given_up_[next_]) ++next_;
    return true;
}

Interview::Interview(DeviceMemory& memory, const Wanted& wanted, const Filters& filters)
    : memory_(memory), wanted_(wanted), filters_(filters), stage_(Stage::kPoll) {
    if (memory_.plan && memory_.polls_since_survey < kSurveyEvery) {
        begin_poll();
    } else {
        begin_survey();
    }
}

void Interview::begin_survey() {
    has_surveyed_ = true;
    questions_ = questions_for(wanted_);
    questionnaire_.begin(questions_.scalars);
    stage_ = Stage::kScalars;
}

void Interview::begin_poll() {
    now_.reset();
    questionnaire_.begin(memory_.plan->instances);
    stage_ = Stage::kPoll;
}

std::optional<Request> Interview::next() {
    if (stage_ == Stage::kScalars && questionnaire_.is_done()) end_scalars();
    if (stage_ == Stage::kWalk && walk_->is_done()) end_walk();
    if (stage_ == Stage::kPoll && questionnaire_.is_done()) {
        end_poll();
        // It was surveyed after all.
        if (stage_ == Stage::kScalars) return next();
    }
    switch (stage_) {
        case Stage::kScalars:
        case Stage::kPoll:
            return questionnaire_.next(memory_.message_bytes_max);
        case Stage::kWalk:
            return walk_->next(memory_.takes_bulk, memory_.walk_bindings_max);
        case Stage::kDone:
            break;
    }
    return std::nullopt;
}

Result<void> Interview::take(const Answer& answer, Time at, store::Time now) {
    if (answer.status != ErrorStatus::kNone) return take_error(answer);
    if (stage_ == Stage::kWalk) return walk_->take(answer.bindings);
    if (!now_) {
        now_ = now;
        at_ = at;
    }
    return questionnaire_.take(answer.bindings);
}

Result<void> Interview::take_error(const Answer& answer) {
    constexpr std::size_t kSmallestMessage = 100;
    const bool is_too_big = answer.status == ErrorStatus::kTooBig;
    if (stage_ == Stage::kWalk) {
        // A device that does not speak version 2 as it should: one row at a time.
        if (!is_too_big && memory_.takes_bulk) {
            memory_.takes_bulk = false;
            return {};
        }
        if (is_too_big && memory_.walk_bindings_max > 1) {
            memory_.walk_bindings_max /= 2;
            return {};
        }
        // This is how version 1 says that nothing comes after the name.
        if (answer.status == ErrorStatus::kNoSuchName && walk_->give_up(answer.error_index)) {
            return {};
        }
    } else if (is_too_big && questionnaire_.asked() > 1 &&
               memory_.message_bytes_max > kSmallestMessage) {
        memory_.message_bytes_max /= 2;
        return {};
    } else if (!is_too_big && questionnaire_.give_up(answer.error_index)) {
        return {};
    }
    return fail(ErrorCode::kInvalid,
                is_too_big
                    ? std::string("the device cannot answer even one question at a time")
                    : fmt::format("the device answers with error-status {}", answer.status_number));
}

bool Interview::can_do_without_answer() {
    if (stage_ != Stage::kWalk || !memory_.takes_bulk || !walk_->is_untouched()) return false;
    memory_.takes_bulk = false;
    return true;
}

void Interview::end_scalars() {
    scalars_ = questionnaire_.values();
    walk_.emplace(questions_.columns);
    stage_ = Stage::kWalk;
}

void Interview::end_walk() {
    const Tables tables(questions_.columns, walk_->columns());
    memory_.plan = make_plan(wanted_, filters_, questions_.scalars, scalars_, tables);
    memory_.polls_since_survey = 0;
    memory_.history.forget_others(*memory_.plan);
    walk_.reset();
    begin_poll();
}

void Interview::end_poll() {
    const Plan& plan = *memory_.plan;
    const std::vector<Value>& values = questionnaire_.values();
    if (!has_begun_) memory_.history.begin_poll(at_, uptime_ticks(plan, values));
    has_begun_ = true;
    const bool is_other = memory_.history.has_rebooted() || !still_holds(plan, values);
    if (is_other && !has_surveyed_) {
        begin_survey();
    } else {
        stage_ = Stage::kDone;
    }
}

Result<Report> Interview::report(std::string_view host, bool goes_on) {
    ++memory_.polls_since_survey;
    if (!now_ || !has_metrics(*memory_.plan)) {
        memory_.plan.reset();
        return fail(ErrorCode::kNotFound,
                    "the device answers, but shows nothing of what is asked for; what it shows to "
                    "whom is its own setting");
    }
    return read(*memory_.plan, questionnaire_.values(), memory_.history,
                {.host = host, .now = *now_, .goes_on = goes_on});
}

}  // namespace kurabe::collectors::snmp

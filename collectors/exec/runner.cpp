// One way to run for each protocol.
#include "collectors/exec/runner.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "collectors/agent/plugin_output.hpp"
#include "collectors/exec/slow_values.hpp"
#include "collectors/exec/value_lines.hpp"
#include "collectors/plugin_text.hpp"
#include "collectors/printable.hpp"
#include "collectors/trusted_file.hpp"
#include "store/counted.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors::exec {
namespace {

constexpr std::size_t kShownOutputBytes = 200;
constexpr std::size_t kCheckTextBytesMax = 1024;  // Mackerel's
constexpr std::string_view kMackerelMeta = "MACKEREL_AGENT_PLUGIN_META=1";

// Texts of people may be of any language.
std::string shown_text(std::string_view text) {
    std::string shown;
    text = store::utf8_prefix(text, kCheckTextBytesMax);
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        const bool is_control =
            static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7f;
        shown += length == 0 || is_control ? std::string_view("?") : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

// Nothing of this process', which may know secrets, but for what programs cannot do without.
std::vector<std::string> environment_of(const Command& command, const Target& target) {
    std::vector<std::string> environment{
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG=C.UTF-8",
        "KURABE_ADDRESS=" + target.reached_at(),
        "KURABE_HOSTNAME=" + target.hostname,
    };
    if (command.protocol == Protocol::kMunin) {
        for (const char* entry : {"MUNIN_LIBDIR=/usr/share/munin", "MUNIN_CAP_MULTIGRAPH=1",
                                  "MUNIN_CAP_DIRTYCONFIG=1"}) {
            environment.emplace_back(entry);
        }
    }
    for (const auto& [name, value] : command.environment) {
        const std::string beginning = name + "=";
        std::erase_if(environment, [&beginning](const std::string& entry) {
            return entry.starts_with(beginning);
        });
        environment.push_back(beginning + value);
    }
    return environment;
}

// None for the account that this process has already.
Result<std::optional<Account>> account_of(const std::string& user) {
    if (user.empty()) return std::nullopt;
    auto account = find_account(user);
    if (!account) return std::unexpected(account.error());
    if (account->user == ::geteuid()) return std::nullopt;
    if (::geteuid() != 0) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("cannot run as '{}': only root can run programs as others", user));
    }
    return *std::move(account);
}

}  // namespace

Runner::Runner(const Command& command, Target target, std::function<store::Time()> now)
    : command_(command), target_(std::move(target)), now_(std::move(now)) {}

Result<std::unique_ptr<Runner>> Runner::prepare(const Command& command, Target target,
                                                std::function<store::Time()> now) {
    auto words = words_of(command, target);
    if (!words) return std::unexpected(words.error());
    auto account = account_of(command.user);
    if (!account) return std::unexpected(account.error());
    std::unique_ptr<Runner> runner(new Runner(command, std::move(target), std::move(now)));
    runner->program_ = {.words = *std::move(words),
                        .environment = environment_of(command, runner->target_),
                        .account = *std::move(account)};
    return runner;
}

// A run says all that there is to say.
Result<Report> Runner::run(const std::stop_token& stop) {
    auto report = run_once(stop);
    if (!report) return report;
    report->plugin = target_.plugin;
    report->ends_other_warnings = true;
    return report;
}

Result<Report> Runner::run_once(const std::stop_token& stop) {
    switch (command_.protocol) {
        case Protocol::kMunin:
            return run_munin(stop);
        case Protocol::kCheck:
            return run_check(stop);
        case Protocol::kKurado:
        case Protocol::kMackerel:
        case Protocol::kSensu:
            break;
    }
    return run_values(stop);
}

Result<ProgramEnd> Runner::end_of(std::vector<std::string> more_words,
                                  const Environment& more_environment,
                                  const std::stop_token& stop) {
    // Each time: the file may have been changed since.
    if (auto checked = check_trusted_file(program_.words.front()); !checked) {
        return std::unexpected(checked.error());
    }
    Program program = program_;
    std::ranges::move(more_words, std::back_inserter(program.words));
    program.environment.insert(program.environment.end(), more_environment.begin(),
                               more_environment.end());
    return run_program(program, {.time = command_.timeout, .output_bytes = kOutputBytesMax}, stop);
}

Result<std::string> Runner::output_of(std::vector<std::string> more_words,
                                      const Environment& more_environment,
                                      const std::stop_token& stop) {
    auto end = end_of(std::move(more_words), more_environment, stop);
    if (!end) return std::unexpected(end.error());
    if (end->status == 0) return std::move(end->output);
    const std::string said = printable(first_line(end->complaints), kShownOutputBytes);
    return fail(ErrorCode::kSystem,
                fmt::format("exit_code: {}{}{}", end->status, said.empty() ? "" : ": ", said));
}

Report Runner::new_report() const {
    Report report;
    report.batch.host = target_.host;
    report.time = now_();
    return report;
}

Result<Report> Runner::run_values(const std::stop_token& stop) {
    const auto output = output_of({}, {}, stop);
    if (!output) return std::unexpected(output.error());
    const store::Time now = now_();
    Report report = command_.protocol == Protocol::kKurado
                        ? agent::read_plugin_output(*output, target_.plugin, target_.host, now)
                        : read_value_lines(*output, target_.plugin, target_.host, now);
    report.is_sign_of_life = true;
    fill_slow_values(report.batch, memory_, target_.interval, now);
    if (command_.protocol == Protocol::kMackerel) ask_for_graphs(stop, report);
    define(report);
    return report;
}

// Once, when the program's file has changed, and now and then.
void Runner::ask_for_graphs(const std::stop_token& stop, Report& report) {
    std::error_code unknown;
    const auto time = std::filesystem::last_write_time(program_.words.front(), unknown);
    const store::Time now = now_();
    const bool is_fresh = now - graphs_asked_ < kMetaInterval && now >= graphs_asked_;
    if (!is_fresh || time != program_time_) {
        graphs_asked_ = now;
        program_time_ = time;
        const auto output = output_of({}, {std::string(kMackerelMeta)}, stop);
        auto graphs = output ? read_mackerel_meta(*output)
                             : Result<std::vector<MackerelGraph>>(std::unexpected(output.error()));
        graphs_complaint_ = graphs ? std::nullopt : std::optional(graphs.error().message);
        if (graphs) graphs_ = *std::move(graphs);
    }
    if (graphs_complaint_) {
        report.warnings.push_back({target_.plugin, "graphs", *graphs_complaint_});
    }
}

std::set<std::string> Runner::drawn_keys(const Report& report) {
    const store::Time now = now_();
    const store::Seconds lifetime = std::max(kKeyLifetime, 2 * target_.interval);
    std::erase_if(keys_, [&](const auto& key) { return now - key.second > lifetime; });
    for (const store::Sample& sample : report.batch.samples) {
        const auto known = keys_.find(sample.key);
        if (known != keys_.end()) {
            known->second = now;
        } else if (keys_.size() < kKeysMax) {
            keys_.emplace(sample.key, now);
        }
    }
    std::set<std::string> keys;
    for (const auto& [key, time] : keys_) keys.insert(key);
    return keys;
}

// What the program told itself counts; else graphs are made of the names.
void Runner::define(Report& report) {
    const auto is_definition = [](const Meta& meta) { return is_definition_meta(meta.key); };
    if (std::ranges::any_of(report.meta, is_definition)) return;
    PluginPages pages = pages_of(command_.name, drawn_keys(report), graphs_);
    const bool has_graphs = !pages.graphs.empty();
    auto [text, left_out] = has_graphs ? cut_plugin_text(std::move(pages)) : CutPluginText{};
    if (left_out > 0) {
        report.warnings.push_back(
            {target_.plugin, "graphs",
             fmt::format("{} left out: all together have more than {} bytes",
                         store::counted(left_out, "graph is", "graphs are"), kDefinitionBytesMax)});
    }
    const store::Time now = now_();
    const bool is_fresh = now - defined_ < kDefinitionInterval && now >= defined_;
    if (text.empty() || (is_fresh && text == definition_)) return;
    report.meta.push_back({target_.plugin, std::string(kDefinitionMeta), text});
    definition_ = std::move(text);
    defined_ = now;
}

// As munin-node: `config`, then without an argument, unless config had the values.
Result<Report> Runner::run_munin(const std::stop_token& stop) {
    const store::Time now = now_();
    munin::Gathering gathering(target_.host, target_.plugin, now, memory_);
    const munin::Gathering::Rule rule{.stored = nullptr, .usual_rate = target_.interval};
    const auto config = output_of({"config"}, {}, stop);
    if (!config) return std::unexpected(config.error());
    munin::Answer described = munin::read_answer(*config, command_.name);
    gathering.take_complaints(described, command_.name);
    const bool is_fresh = now - configured_ < kDefinitionInterval && now >= configured_;
    if (!is_fresh) {
        gathering.define(described.services);
        configured_ = now;
    }
    if (!described.values.empty()) {
        gathering.take(described, now, rule);
        return gathering.finish();
    }
    const auto output = output_of({}, {}, stop);
    if (!output) return std::unexpected(output.error());
    munin::Answer values = munin::read_answer(*output, command_.name);
    gathering.take_complaints(values, command_.name);
    gathering.take(with_services(std::move(values), std::move(described.services)), now, rule);
    return gathering.finish();
}

Result<Report> Runner::run_check(const std::stop_token& stop) {
    const auto end = end_of({}, {}, stop);
    if (!end) return std::unexpected(end.error());
    constexpr int kUnknown = 3;
    const int status = end->status >= 0 && end->status < kUnknown ? end->status : kUnknown;
    Report report = new_report();
    report.batch.samples.push_back(
        {target_.plugin, std::string(kStatusKey), store::RawValue::of(status), report.time});
    fill_slow_values(report.batch, memory_, target_.interval, now_());
    const std::string text =
        shown_text(first_line(end->output.empty() ? end->complaints : end->output));
    report.meta.push_back({target_.plugin, "output", text});
    constexpr std::array<std::string_view, 4> kKeys{"", "warning", kCriticalWarning, "unknown"};
    if (status != 0) {
        report.warnings.push_back(
            {target_.plugin, std::string(kKeys[static_cast<std::size_t>(status)]),
             text.empty() ? fmt::format("exit_code: {}", end->status) : text});
    }
    define(report);
    return report;
}

}  // namespace kurabe::collectors::exec

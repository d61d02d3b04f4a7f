// Starts perl for each script.
#include "collectors/kurado/script_runner.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "collectors/agent/plugin_output.hpp"
#include "collectors/kurado/json_text.hpp"
#include "collectors/plugin_text.hpp"
#include "collectors/printable.hpp"
#include "collectors/program.hpp"
#include "collectors/trusted_file.hpp"
#include "store/ascii.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors::kurado {
namespace {

const std::string& reached_at(const ScriptTarget& target) {
    return target.address.empty() ? target.host : target.address;
}

namespace fs = std::filesystem;

constexpr std::string_view kPerl = "/usr/bin/perl";
constexpr std::size_t kShownOutputBytes = 200;
constexpr std::size_t kComplaintsShownMax = 1;

Report new_report(const ScriptTarget& target, store::Time now) {
    Report report;
    report.batch.host = target.host;
    report.time = now;
    report.is_sign_of_life = false;
    return report;
}

// Of a view's badge: "badge.0.uptime".
constexpr std::string_view kBadgeMeta = "badge.";

std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, store::is_control, '?');
    return line;
}

}  // namespace

ScriptRunner::ScriptRunner(Scripts scripts, ScriptTarget target, std::chrono::seconds timeout,
                           std::function<store::Time()> now)
    : scripts_(std::move(scripts)),
      target_(std::move(target)),
      timeout_(timeout),
      now_(std::move(now)) {}

Result<std::string> ScriptRunner::output_of(const fs::path& script, const Meta& meta,
                                            const std::vector<std::string>& more_words,
                                            const std::stop_token& stop) const {
    if (auto checked = check_trusted_file(script.string()); !checked) {
        return std::unexpected(checked.error());
    }
    Program program{
        .words = {std::string(kPerl)}, .environment = {}, .directory = script.parent_path()};
    for (const fs::path& library : scripts_.libraries) {
        if (check_trusted_directory(library.string()))
            program.words.push_back("-I" + library.string());
    }
    auto& words = program.words;
    words.insert(words.end(), {script.string(), "--address", reached_at(target_), "--hostname",
                               target_.hostname});
    if (!target_.comments.empty()) words.insert(words.end(), {"--comments", target_.comments});
    for (const std::string& argument : target_.arguments) {
        words.insert(words.end(), {"--plugin-arguments", argument});
    }
    words.insert(words.end(), more_words.begin(), more_words.end());
    std::string told = meta_json(meta);
    if (told.size() > kJsonBytesMax) told = "{}";
    program.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
                           "kurado.metrics_config_json=" + target_.config_json,
                           "kurado.metrics_meta_json=" + told};
    auto end = run_program(program, {.time = timeout_, .output_bytes = kOutputBytesMax}, stop);
    if (!end) return std::unexpected(end.error());
    if (end->status == 0) return std::move(end->output);
    const std::string_view said = end->complaints;
    return fail(ErrorCode::kSystem,
                fmt::format("exit_code: {}: {}", end->status,
                            printable(said.substr(0, said.find('\n')), kShownOutputBytes)));
}

Result<Report> ScriptRunner::run(const std::stop_token& stop) {
    Report report = new_report(target_, now_());
    if (scripts_.fetch) {
        const auto output = output_of(*scripts_.fetch, target_.meta(), {}, stop);
        if (!output) return std::unexpected(output.error());
        report = agent::read_plugin_output(*output, target_.plugin, target_.host, now_());
        report.is_sign_of_life = true;
    }
    if (!scripts_.view) return report;
    if (auto viewed = view(report, stop); !viewed) {
        report.warnings.push_back({target_.plugin, "view", viewed.error().message});
    }
    return report;
}

// What the fetch has just told is known to the view, too.
Result<void> ScriptRunner::view(Report& report, const std::stop_token& stop) {
    Meta meta = target_.meta();
    for (const collectors::Meta& told : report.meta) meta[told.key] = told.value;
    const auto list = output_of(*scripts_.view, meta, {}, stop);
    if (!list) return std::unexpected(list.error());
    const auto groups = read_view_list(*list);
    std::vector<std::vector<std::string>> listed;
    for (const ViewGroup& group : groups) listed.push_back(group.graphs);
    const store::Time now = now_();
    const bool is_fresh = now - viewed_ < kViewInterval && now >= viewed_;
    if (!is_fresh || listed != listed_) {
        auto graphs = graphs_of(groups, meta, report, stop);
        if (!graphs) return std::unexpected(graphs.error());
        graphs_ = *std::move(graphs);
        listed_ = std::move(listed);
        viewed_ = now;
    }
    PluginPages pages{.plugin = target_.name, .groups = {}, .graphs = graphs_};
    for (const ViewGroup& group : groups) {
        pages.groups.push_back(page_group(group, pages.groups.size(), report));
    }
    report.meta.push_back({target_.plugin, std::string(kDefinitionMeta),
                           pages.graphs.empty() ? "" : plugin_text(pages)});
    return {};
}

Result<std::vector<PageGraph>> ScriptRunner::graphs_of(const std::vector<ViewGroup>& groups,
                                                       const Meta& meta, Report& report,
                                                       const std::stop_token& stop) const {
    const ViewPlace place{.host = target_.host, .plugin = target_.plugin, .name = target_.name};
    std::vector<PageGraph> graphs;
    std::vector<std::string> complaints;
    for (const ViewGroup& group : groups) {
        for (const std::string& key : group.graphs) {
            const auto output = output_of(*scripts_.view, meta, {"--graph", key}, stop);
            if (!output) return std::unexpected(output.error());
            PageGraph graph = read_view_graph(*output, key, place, complaints);
            // A plugin file has no graph without a definition.
            if (graph.lines.empty()) graph.lines.emplace_back("COMMENT: ");
            graphs.push_back(std::move(graph));
        }
    }
    complaints.resize(std::min(complaints.size(), kComplaintsShownMax));
    for (std::string& complaint : complaints) {
        report.warnings.push_back({target_.plugin, "view", std::move(complaint)});
    }
    return graphs;
}

// A badge of a plugin file shows a meta: what the view shows becomes one.
PageGroup ScriptRunner::page_group(const ViewGroup& group, std::size_t number,
                                   Report& report) const {
    PageGroup page{.label = group.label, .graphs = group.graphs, .badges = {}};
    for (const auto& [name, value] : group.badges) {
        const std::string key = fmt::format("{}{}.{}", kBadgeMeta, number, one_line(name));
        if (name.empty() || !store::check_key(key)) continue;
        report.meta.push_back({target_.plugin, key, one_line(value)});
        page.badges.push_back({.meta = key, .name = one_line(name)});
    }
    return page;
}

namespace {

// "MySQL" and "a.b" -> MySQL, a, b.
std::vector<std::string> keys_of(const std::string& top, std::string_view path) {
    std::vector<std::string> keys{top};
    while (true) {
        keys.emplace_back(path.substr(0, path.find('.')));
        if (keys.back().size() == path.size()) return keys;
        path.remove_prefix(keys.back().size() + 1);
    }
}

}  // namespace

std::string config_json(const std::map<std::string, std::map<std::string, std::string, std::less<>>,
                                       std::less<>>& config) {
    JsonObject json;
    for (const auto& [top, texts] : config) {
        for (const auto& [path, text] : texts) json.set(keys_of(top, path), text);
    }
    return json.text();
}

std::string meta_json(const std::map<std::string, std::string, std::less<>>& meta) {
    JsonObject json;
    for (const auto& [key, value] : meta) {
        if (!is_definition_meta(key) && !key.starts_with(kBadgeMeta)) json.set({key}, value);
    }
    return json.text();
}

}  // namespace kurabe::collectors::kurado

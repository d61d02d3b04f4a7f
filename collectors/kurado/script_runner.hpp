// Runs Kurado's own plugins, unchanged: the Perl scripts fetch/NAME.pl and view/NAME.pl, with the
// arguments and the environment that Kurado::Plugin reads.
// Rule: Kurado's plugin protocol; docs/plugins.md, "Kurado's scripts".
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "collectors/kurado/view_output.hpp"
#include "collectors/report.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::kurado {

inline constexpr std::size_t kOutputBytesMax = 1 << 20;  // of one run
inline constexpr std::size_t kJsonBytesMax =
    100'000;  // of a variable; the kernel's limit is 128 KiB
// How often the view is asked again though its list is the same.
inline constexpr store::Seconds kViewInterval{1800};

struct Scripts {
    std::optional<std::filesystem::path> fetch;
    std::optional<std::filesystem::path> view;
    std::vector<std::filesystem::path>
        libraries;  // for perl -I; those that can be trusted are used
};

struct ScriptTarget {
    std::string host;          // identity, of reports
    std::string address = {};  // where it is reached; empty: the host
    std::string hostname;
    std::string comments;
    std::string plugin;                  // identifier: the line
    std::string name;                    // of the plugin
    std::vector<std::string> arguments;  // of the line
    std::string config_json;             // metrics_config
    // All meta of this host and plugin.
    std::function<std::map<std::string, std::string, std::less<>>()> meta;
};

// Belongs to one thread at a time.
class ScriptRunner {
  public:
    ScriptRunner(Scripts scripts, ScriptTarget target, std::chrono::seconds timeout,
                 std::function<store::Time()> now);

    // Fetches, and tells the view's definition when it may be another one. An error says why
    // nothing was fetched: a script that others may change, a status that is not 0, a limit. A view
    // that fails is a warning. Without a fetch script the report is no sign of life.
    [[nodiscard]] Result<Report> run(const std::stop_token& stop);

  private:
    using Meta = std::map<std::string, std::string, std::less<>>;

    [[nodiscard]] Result<std::string> output_of(const std::filesystem::path& script,
                                                const Meta& meta,
                                                const std::vector<std::string>& more_words,
                                                const std::stop_token& stop) const;
    [[nodiscard]] Result<void> view(Report& report, const std::stop_token& stop);
    [[nodiscard]] Result<std::vector<PageGraph>> graphs_of(const std::vector<ViewGroup>& groups,
                                                           const Meta& meta, Report& report,
                                                           const std::stop_token& stop) const;
    [[nodiscard]] PageGroup page_group(const ViewGroup& group, std::size_t number,
                                       Report& report) const;

    Scripts scripts_;
    ScriptTarget target_;
    std::chrono::seconds timeout_;
    std::function<store::Time()> now_;
    std::vector<std::vector<std::string>> listed_;  // graphs of the groups when they were read
    std::vector<PageGraph> graphs_;
    store::Time viewed_{};
};

// A flat configuration ("MySQL" -> "user" -> "watch"; deeper keys joined by dots) and flat meta as
// JSON objects of texts.
[[nodiscard]] std::string config_json(
    const std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>&
        config);
[[nodiscard]] std::string meta_json(const std::map<std::string, std::string, std::less<>>& meta);

}  // namespace kurabe::collectors::kurado

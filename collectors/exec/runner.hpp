// Runs one command for one host again and again, and makes reports of what it prints.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "collectors/exec/command.hpp"
#include "collectors/exec/metric_graphs.hpp"
#include "collectors/munin/gathering.hpp"
#include "collectors/program.hpp"
#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::exec {

inline constexpr std::size_t kOutputBytesMax = 1 << 20;
inline constexpr std::size_t kKeysMax = 5000;  // that graphs are made of
// How often a program is asked what its graphs are, and how often that is told again.
inline constexpr store::Seconds kDefinitionInterval{300};
inline constexpr store::Seconds kMetaInterval{3600};
// How long a series that is no longer printed keeps its graph, or two runs when these are longer.
inline constexpr store::Seconds kKeyLifetime{3600};
// Of a check, beside its warning: 0 good, 1 warning, 2 critical, 3 unknown.
inline constexpr std::string_view kStatusKey = "status.gauge";

// Belongs to one thread at a time.
class Runner {
  public:
    // Everything that can be wrong with it before it runs: arguments, the account. `now` gives the
    // times of samples without one.
    [[nodiscard]] static Result<std::unique_ptr<Runner>> prepare(const Command& command,
                                                                 Target target,
                                                                 std::function<store::Time()> now);

    // An error says in one line why there is nothing: no such program, one that others may write, a
    // limit, and for all but checks an exit status that is not 0.
    [[nodiscard]] Result<Report> run(const std::stop_token& stop);

  private:
    Runner(const Command& command, Target target, std::function<store::Time()> now);

    using Environment = std::vector<std::string>;
    // Ended with status 0.
    [[nodiscard]] Result<std::string> output_of(std::vector<std::string> more_words,
                                                const Environment& more_environment,
                                                const std::stop_token& stop);
    [[nodiscard]] Result<ProgramEnd> end_of(std::vector<std::string> more_words,
                                            const Environment& more_environment,
                                            const std::stop_token& stop);
    [[nodiscard]] Result<Report> run_once(const std::stop_token& stop);
    [[nodiscard]] Result<Report> run_values(const std::stop_token& stop);
    [[nodiscard]] Result<Report> run_munin(const std::stop_token& stop);
    [[nodiscard]] Result<Report> run_check(const std::stop_token& stop);
    void ask_for_graphs(const std::stop_token& stop, Report& report);
    void define(Report& report);
    // Of the report's series, and of those that were there not long ago.
    [[nodiscard]] std::set<std::string> drawn_keys(const Report& report);
    [[nodiscard]] Report new_report() const;

    const Command command_;
    Target target_;
    std::function<store::Time()> now_;
    Program program_;
    std::map<std::string, store::Time> keys_;  // of series, and when it printed them last
    std::vector<MackerelGraph> graphs_;
    std::optional<std::string> graphs_complaint_;
    std::filesystem::file_time_type program_time_{};  // when graphs_ were asked for
    store::Time graphs_asked_{};
    std::string definition_;
    store::Time defined_{};
    munin::SeriesMemory memory_;
    store::Time configured_{};
};

}  // namespace kurabe::collectors::exec

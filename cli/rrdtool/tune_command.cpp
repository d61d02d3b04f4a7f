// `tune FILE`: other settings, data sources, RRAs or steps; alone it lists what there is.
#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/locking.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "store/duration.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/layout_change.hpp"
#include "store/rrd/restructure.hpp"
#include "store/rrd/tune_setting.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;
using store::Seconds;

constexpr std::array kTuneOptions{OptionSpec{'h', "heartbeat", true},
                                  OptionSpec{'i', "minimum", true},
                                  OptionSpec{'a', "maximum", true},
                                  OptionSpec{'d', "data-source-type", true},
                                  OptionSpec{'r', "data-source-rename", true},
                                  OptionSpec{'p', "deltapos", true},
                                  OptionSpec{'n', "deltaneg", true},
                                  OptionSpec{'f', "failure-threshold", true},
                                  OptionSpec{'w', "window-length", true},
                                  OptionSpec{'x', "alpha", true},
                                  OptionSpec{'y', "beta", true},
                                  OptionSpec{'z', "gamma", true},
                                  OptionSpec{'v', "gamma-deviation", true},
                                  OptionSpec{'s', "smoothing-window", true},
                                  OptionSpec{'S', "smoothing-window-deviation", true},
                                  OptionSpec{'b', "aberrant-reset", true},
                                  OptionSpec{'t', "step", true},
                                  OptionSpec{'D', "daemon", true}};

constexpr std::string_view kStep = "t";
constexpr std::string_view kDaemon = "D";

// A file's settings before and after, and what else happens to it.
struct Tuning {
    rrd::Header header;
    rrd::ForgottenColumns forgotten;
    bool is_changed = false;
};

std::string limit_text(double limit) {
    return store::is_unknown(limit) ? "U" : fmt::format("{}", limit);
}

// What can be tuned, one line each.
std::string listing(const rrd::Header& header) {
    std::string text;
    auto out = std::back_inserter(text);
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        const store::DataSource source = header.source(i);
        fmt::format_to(out, "DS {}: {}", rrd::text_of(header.sources[i].name),
                       store::ds_type_name(source.type));
        if (source.type != store::DsType::kCompute) {
            fmt::format_to(out, ", heartbeat {}, minimum {}, maximum {}", source.heartbeat.count(),
                           limit_text(source.minimum), limit_text(source.maximum));
        }
        text += '\n';
    }
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        fmt::format_to(out, "RRA#{}: {}, {} PDP per row, {} rows\n", rra,
                       rrd::rra_cf_name(header.cf(rra)), header.rras[rra].pdp_per_row,
                       header.rras[rra].rows);
    }
    return text;
}

bool is_setting(const OptionSpec& spec) noexcept {
    return spec.letter != kStep.front() && spec.letter != kDaemon.front();
}

Result<Tuning> apply(const ParsedArguments& parsed, const rrd::Header& header) {
    Tuning tuning{.header = header, .forgotten = {}};
    for (const GivenOption& given : parsed.options) {
        if (!is_setting(*given.spec)) continue;
        tuning.is_changed = true;
        const auto applied =
            rrd::apply_setting(given.spec->letter, given.value, tuning.header, tuning.forgotten);
        if (!applied) return std::unexpected(applied.error());
    }
    if (!tuning.is_changed) return tuning;
    if (auto checked = rrd::check_settings(tuning.header); !checked) {
        return std::unexpected(checked.error());
    }
    const int needed = rrd::needed_version(tuning.header);
    if (needed > rrd::kVersionOfMicros) rrd::raise_version(tuning.header, needed);
    return tuning;
}

Result<void> rewrite(const rrd::Archive& archive, const ParsedArguments& parsed, Tuning tuning) {
    const std::string name(parsed.operands.front());
    if (parsed.has(kStep)) {
        const auto step = store::parse_scaled_duration(parsed.value_or(kStep, ""), Seconds{1});
        const auto seconds = static_cast<std::int64_t>(step.value_or(0));
        if (auto divided = rrd::divide_step(tuning.header, Seconds{seconds}); !divided) {
            return divided;
        }
    }
    rrd::LayoutChange change(tuning.header, name);
    for (const std::string_view operation : std::span(parsed.operands).subspan(1)) {
        if (auto added = change.add(operation); !added) return added;
    }
    auto layout = change.finish();
    if (!layout) return std::unexpected(layout.error());
    std::error_code error;
    const std::filesystem::path target = std::filesystem::canonical(name, error);
    if (error) {
        return fail(ErrorCode::kSystem, fmt::format("opening '{}': {}", name, error.message()));
    }
    return rrd::restructure({archive, tuning.header, tuning.forgotten}, std::move(*layout), target);
}

// Alone it lists. The lock is held until the file, or the one that replaces it, is written.
Result<void> tune(const ParsedArguments& parsed, bool only_lists, Session& session) {
    const auto wait = parse_locking(session.locking);
    if (!wait) return std::unexpected(wait.error());
    auto archive = rrd::Archive::open(
        std::string(parsed.operands.front()),
        only_lists ? store::File::Access::kRead : store::File::Access::kWrite, *wait);
    if (!archive) return std::unexpected(archive.error());
    if (only_lists) {
        session.out.write(listing(archive->header()));
        return {};
    }
    auto tuning = apply(parsed, archive->header());
    if (!tuning) return std::unexpected(tuning.error());
    const bool needs_other_layout = parsed.operands.size() > 1 || parsed.has(kStep) ||
                                    tuning->header.bytes() != archive->header().bytes();
    if (needs_other_layout) return rewrite(*archive, parsed, std::move(*tuning));
    if (!tuning->is_changed) return {};
    return rrd::commit_settings(*archive, tuning->header, tuning->forgotten);
}

// A daemon that has updates for the file writes them first, and must not go on with what it knows
// of the file. It may know nothing.
Result<void> tune_beside(rrdcached::Daemon& daemon, const ParsedArguments& parsed, bool only_lists,
                         Session& session) {
    const std::string_view file = parsed.operands.front();
    if (auto flushed = daemon.flush(file); !flushed) return flushed;
    if (auto tuned = tune(parsed, only_lists, session); !tuned || only_lists) return tuned;
    const auto forgotten = daemon.forget(file);
    if (!forgotten && forgotten.error().code != ErrorCode::kNotFound) return forgotten;
    return {};
}

}  // namespace

Result<void> run_tune(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kTuneOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.empty()) return fail(ErrorCode::kInvalid, "missing file name");
    const bool only_lists = parsed->operands.size() == 1 && !parsed->has(kStep) &&
                            std::ranges::none_of(parsed->options, [](const GivenOption& given) {
                                return is_setting(*given.spec);
                            });
    const auto daemon = find_daemon(daemon_address(*parsed, session), session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon == nullptr) return tune(*parsed, only_lists, session);
    return tune_beside(**daemon, *parsed, only_lists, session);
}

}  // namespace kurabe::cli::rrdtool

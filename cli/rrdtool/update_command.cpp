// `update FILE TIME:VALUE...` and `updatev`, which also prints the rows that were written.
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/daemon_update.hpp"
#include "cli/rrdtool/locking.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "store/rrd/updater.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;

constexpr OptionSpec kTemplate{'t', "template", true};
constexpr OptionSpec kSkip{'s', "skip-past-updates", false};
constexpr OptionSpec kLocking{'L', "locking", true};
constexpr std::array kUpdateOptions{kTemplate, kSkip, kLocking, kDaemonOption};
constexpr std::array kUpdatevOptions{kTemplate, kSkip, kLocking};

struct Update {
    std::string_view file;
    std::vector<std::string_view> arguments;
    bool has_template = false;
    std::string_view template_text;
    bool skips_past = false;
    rrd::LockWait lock;
    std::string_view daemon;  // its address; empty: none
};

Result<Update> parse(Words words, std::span<const OptionSpec> options, const Session& session) {
    const auto parsed = parse_options(words, options);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() < 2) return fail(ErrorCode::kInvalid, "Not enough arguments");
    const auto lock = parse_locking(parsed->value_or("L", session.locking));
    if (!lock) return std::unexpected(lock.error());
    return Update{.file = parsed->operands.front(),
                  .arguments = {parsed->operands.begin() + 1, parsed->operands.end()},
                  .has_template = parsed->has("t"),
                  .template_text = parsed->value_or("t", ""),
                  .skips_past = parsed->has("s"),
                  .lock = *lock,
                  .daemon = daemon_address(*parsed, session)};
}

// Lines of updatev.
class Report {
  public:
    void add(const rrd::Header& header, const rrd::RowWrites& rows) {
        for (std::size_t i = 0; i < rows.places().size(); ++i) {
            add_place(header, rows.places()[i], rows.values(i));
        }
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    void add_place(const rrd::Header& header, const rrd::RowWrites::Place& place,
                   std::span<const store::Value> values) {
        store::Time label = place.label;
        for (std::uint64_t row = 0; row < place.count; ++row) {
            for (std::size_t source = 0; source < values.size(); ++source) {
                add_value(header, place.rra, source, label, values[source]);
            }
            label += header.resolution(place.rra);
        }
    }
    void add_value(const rrd::Header& header, std::size_t rra, std::size_t source,
                   store::Time label, store::Value value) {
        auto out = std::back_inserter(text_);
        fmt::format_to(out, "[{}]RRA[{}][{}]DS[{}] = ", label.time_since_epoch().count(),
                       rrd::text_of(header.rras[rra].cf), header.rras[rra].pdp_per_row,
                       rrd::text_of(header.sources[source].name));
        if (store::is_unknown(value)) {
            text_ += "NaN\n";
        } else {
            fmt::format_to(out, "{:.10e}\n", value);
        }
    }

    std::string text_;
};

// False when the argument is skipped.
Result<bool> apply_argument(rrd::Updater& updater, const Update& update,
                            const rrd::ReadingOrder& order, std::string_view argument,
                            const Session& session) {
    const rrd::UpdateClock clock{session.clock.now(), session.zone};
    const auto applied = updater.update(argument, order, clock);
    if (applied) return true;
    if (update.skips_past && applied.error().code == ErrorCode::kOutdated) return false;
    return fail(applied.error().code, fmt::format("{}: {}", update.file, applied.error().message));
}

// Arguments before a wrong one stay applied, but seasons are not smoothed then, as in rrdtool.
// `report` may be nullptr.
Result<void> apply(const Update& update, const Session& session, Report* report) {
    const auto use = session.archives.update(update.file, update.lock);
    if (!use) return std::unexpected(use.error());
    rrd::Updater& updater = **use;
    Result<rrd::ReadingOrder> order = updater.usual_order();
    if (update.has_template) {
        order = rrd::ReadingOrder::parse(update.template_text, updater.header());
    }
    if (!order) return std::unexpected(order.error());
    for (const std::string_view argument : update.arguments) {
        const auto stored = apply_argument(updater, update, *order, argument, session);
        if (!stored) return std::unexpected(stored.error());
        if (report != nullptr && *stored) report->add(updater.header(), updater.written());
    }
    return updater.finish();
}

// The names in the file are those of this side.
Result<std::optional<DaemonTemplate>> template_of(const Update& update, const Session& session) {
    if (!update.has_template) return std::nullopt;
    if (update.skips_past) {
        return fail(ErrorCode::kUnsupported,
                    "The caching daemon cannot be used together with templates and "
                    "skip-past-updates yet.");
    }
    const auto archive = session.archives.read(update.file);
    if (!archive) return std::unexpected(archive.error());
    return DaemonTemplate(update.template_text, (*archive)->header());
}

// The daemon judges what it is sent; past updates are refused, not skipped, as by rrdtool.
Result<void> apply_by_daemon(const Update& update, Session& session) {
    const auto daemon = find_daemon(update.daemon, session);
    if (!daemon) return std::unexpected(daemon.error());
    const auto order = template_of(update, session);
    if (!order) return std::unexpected(order.error());
    std::vector<std::string> readings;
    for (const std::string_view argument : update.arguments) {
        const std::string timed = with_time(argument, session.clock.now());
        auto mapped = *order ? (*order)->map(timed) : timed;
        if (!mapped) return std::unexpected(mapped.error());
        readings.push_back(std::move(*mapped));
    }
    return (*daemon)->update(update.file, readings);
}

}  // namespace

Result<void> run_update(Words arguments, Session& session) {
    const auto update = parse(arguments, kUpdateOptions, session);
    if (!update) return std::unexpected(update.error());
    return update->daemon.empty() ? apply(*update, session, nullptr)
                                  : apply_by_daemon(*update, session);
}

Result<void> run_updatev(Words arguments, Session& session) {
    const auto update = parse(arguments, kUpdatevOptions, session);
    if (!update) return std::unexpected(update.error());
    Report report;
    const auto applied = apply(*update, session, &report);
    session.out.write(fmt::format("return_value = {}\n{}", applied ? 0 : -1, report.text()));
    return applied;
}

}  // namespace kurabe::cli::rrdtool

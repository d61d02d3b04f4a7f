// A post is a sample and, once that is stored, the number as a meta and the graph's definition when
// it is new.
#include "server/standing_numbers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "collectors/graph_colours.hpp"
#include "collectors/line_text.hpp"
#include "collectors/plugin_text.hpp"
#include "server/interval.hpp"
#include "server/meta_room.hpp"
#include "server/standing_text.hpp"
#include "store/archive_name.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kNumberMeta = "number.";
constexpr store::Seconds kBetweenLines{300};  // of the log, about one service

struct ModeName {
    std::string_view name;
    StandingMode mode;
};
constexpr std::array kModes{
    ModeName{"gauge", StandingMode::kGauge}, ModeName{"count", StandingMode::kCount},
    ModeName{"modified", StandingMode::kModified}, ModeName{"derive", StandingMode::kDerive}};

std::string number_meta(const StandingPath& path) {
    return fmt::format("{}{}", kNumberMeta, path.graph);
}

std::string definition_meta(const StandingPath& path) {
    return fmt::format("{}.{}", collectors::kDefinitionMeta, path.graph);
}

std::string key_of(const StandingPath& path, StandingMode mode) {
    return fmt::format("{}.{}", path.graph, mode == StandingMode::kDerive ? "derive" : "gauge");
}

// The same for the same name, wherever and whenever.
std::string colour_of(const StandingPath& path) {
    constexpr std::uint32_t kBasis = 2166136261U;  // FNV-1a
    constexpr std::uint32_t kPrime = 16777619U;
    std::uint32_t hash = kBasis;
    for (const char byte : fmt::format("{}/{}/{}", path.service, path.section, path.graph)) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
    }
    const std::size_t coloured = collectors::kGraphColours.size() - 1;  // the last one is black
    return fmt::format("#{}", collectors::graph_colour(hash % coloured));
}

std::string definition_of(const StandingPath& path, const StandingNumber& number) {
    const std::string label = collectors::graph_text(path.graph);
    collectors::PageGraph graph{.key = path.graph, .lower = 0};
    graph.lines = {
        fmt::format("DEF:n={}:n:AVERAGE", collectors::graph_text(key_of(path, number.mode))),
        fmt::format("AREA:n{}:{}", number.colour, label),
        "GPRINT:n:LAST:Cur\\:%8.2lf%s",
        "GPRINT:n:AVERAGE:Avg\\:%8.2lf%s",
        "GPRINT:n:MAX:Max\\:%8.2lf%s",
        "GPRINT:n:MIN:Min\\:%8.2lf%s\\l",
    };
    const std::string title = number.description.empty()
                                  ? path.graph
                                  : fmt::format("{} – {}", path.graph, number.description);
    return collectors::plugin_text(
        {.plugin = path.section, .groups = {{title, {path.graph}}}, .graphs = {std::move(graph)}});
}

bool is_drawn_alike(const StandingNumber& a, const StandingNumber& b) {
    const auto is_derive = [](const StandingNumber& one) {
        return one.mode == StandingMode::kDerive;
    };
    return a.colour == b.colour && a.description == b.description && is_derive(a) == is_derive(b);
}

// What is posted, for the rules that everything that is pushed keeps to.
collectors::ReadLines sample_of(const StandingPath& path, const StandingNumber& number,
                                const collectors::HostLookup& host_of) {
    collectors::SentReports reports(host_of);
    Result<void> added = reports.choose_host(path.host());
    if (added) {
        added = reports.add_sample(path.section, key_of(path, number.mode), text_of(number.number),
                                   number.changed);
    }
    if (!added) reports.refuse(std::nullopt, std::move(added).error().message);
    return reports.finish();
}

// What makes it stand.
collectors::ReadLines texts_of(const StandingPath& path, const StandingNumber& number,
                               bool is_redrawn, const collectors::HostLookup& host_of) {
    collectors::SentReports reports(host_of);
    Result<void> added = reports.choose_host(path.host());
    if (added) {
        added = reports.add_meta(path.section, number_meta(path), standing_text(number),
                                 number.changed);
    }
    if (added && is_redrawn) {
        added = reports.add_meta(path.section, definition_meta(path), definition_of(path, number),
                                 number.changed);
    }
    if (!added) reports.refuse(std::nullopt, std::move(added).error().message);
    return reports.finish();
}

TakenLines not_kept(std::string_view reason) {
    TakenLines taken;
    taken.refused = 1;
    taken.errors.push_back(
        {std::nullopt, fmt::format("it cannot be kept as the graph's number: {}", reason)});
    return taken;
}

}  // namespace

Result<void> check_path(const StandingPath& path) {
    for (const std::string_view name : {path.service, path.section, path.graph}) {
        if (name.empty()) return fail(ErrorCode::kInvalid, "a name is empty");
        if (!collectors::is_utf8(name)) return fail(ErrorCode::kInvalid, "a name is not UTF-8");
        if (name.find_first_of("/\\") != std::string_view::npos || name.contains("{{")) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("the name '{}' holds '/', '\\' or '{{{{'", name));
        }
    }
    if (auto named = store::archive_name_of(path.host()); !named) {
        return std::unexpected(std::move(named).error());
    }
    if (auto checked = store::check_plugin(path.section); !checked) return checked;
    return store::check_key(definition_meta(path));  // the longest of those with the graph's name
}

bool is_taken(const TakenLines& taken) noexcept {
    return !taken.failure && taken.accepted + taken.outdated > 0;
}

std::optional<StandingMode> parse_standing_mode(std::string_view name) noexcept {
    const auto found = std::ranges::find(kModes, name, &ModeName::name);
    return found == kModes.end() ? std::nullopt : std::optional(found->mode);
}

std::string_view name_of(StandingMode mode) noexcept {
    return std::ranges::find(kModes, mode, &ModeName::mode)->name;
}

std::string text_of(double number) {
    constexpr double kExactMax = 9007199254740992.0;  // 2^53
    const auto whole = static_cast<std::int64_t>(std::abs(number) <= kExactMax ? number : 0.5);
    return static_cast<double>(whole) == number ? fmt::format("{}", whole)
                                                : fmt::format("{}", number);
}

StandingNumbers::StandingNumbers(const store::Store& store, const Metadata& metadata,
                                 Ingest& ingest, Log& log, std::function<store::Time()> now)
    : metadata_(metadata), ingest_(ingest), log_(log), now_(std::move(now)), told_(kBetweenLines) {
    for (const std::string& host : store.hosts()) {
        if (host.starts_with(kServiceHost)) read(host, store, metadata);
    }
}

void StandingNumbers::read(const std::string& host, const store::Store& store,
                           const Metadata& metadata) {
    const auto series = store.series(host);
    if (!series) return;
    const auto numbers = numbers_.lock();
    std::string_view last;
    for (const store::SeriesInfo& info : *series) {
        const std::string& section = info.name.plugin;
        if (section == std::exchange(last, section)) continue;
        const auto meta = metadata.meta(host, section);
        if (!meta) continue;
        for (const auto& [key, text] : *meta) {
            if (!key.starts_with(kNumberMeta)) continue;
            StandingPath path{host.substr(kServiceHost.size()), section,
                              key.substr(kNumberMeta.size())};
            auto number = parse_standing_text(text);
            // Without its definition nobody sees it: it was refused, and what posted it was told
            // so.
            if (number && check_path(path) && meta->contains(definition_meta(path))) {
                // The clock was wrong once: what is posted from now on is newer all the same.
                number->changed = std::min<store::SampleTime>(number->changed, now_());
                numbers->insert_or_assign(std::move(path), *std::move(number));
            }
        }
    }
}

std::optional<StandingNumber> StandingNumbers::find(const StandingPath& path) const {
    const auto numbers = numbers_.lock_shared();
    const auto found = numbers->find(path);
    return found == numbers->end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> StandingNumbers::want_of_room(const StandingPath& path) const {
    const auto meta = metadata_.meta(path.host(), path.section);
    if (!meta) return std::nullopt;  // who stores them says why
    MetaSize after;
    after.keys = meta->size();
    for (const std::string& key : {number_meta(path), definition_meta(path)}) {
        if (!meta->contains(key)) ++after.keys;
    }
    return server::want_of_room(after);
}

StandingNumber StandingNumbers::next(const StandingPath& path, const PostedNumber& posted,
                                     const std::optional<StandingNumber>& now) const {
    const store::SampleTime time = posted.time.value_or(now_());
    StandingNumber number = now.value_or(StandingNumber{
        .colour = colour_of(path), .created = std::chrono::floor<store::Seconds>(time)});
    const bool adds = posted.mode == StandingMode::kCount && now;
    const double sum = number.number + posted.number;
    number.number = adds && std::isfinite(sum) ? sum : posted.number;
    number.mode = posted.mode;
    number.colour = posted.colour.value_or(number.colour);
    number.description = posted.description.value_or(number.description);
    // Several of one second are several samples.
    const bool is_of_that_second = now && !posted.time && number.changed >= time &&
                                   std::chrono::floor<store::Seconds>(number.changed) == time;
    number.changed = is_of_that_second ? number.changed + std::chrono::microseconds{1} : time;
    return number;
}

StandingNumbers::Posted StandingNumbers::post(const StandingPath& path, const PostedNumber& posted,
                                              LineIntake& intake, const Sender& sender) {
    const std::lock_guard turn(posting_);
    const std::optional<StandingNumber> now = find(path);
    const bool stays = posted.mode == StandingMode::kModified && now && now->mode == posted.mode &&
                       now->number == posted.number;
    if (stays) {
        TakenLines taken;
        taken.accepted = 1;
        return {*now, std::move(taken)};
    }
    if (!now) {
        if (auto reason = want_of_room(path)) return {{}, not_kept(*std::move(reason))};
    }
    const StandingNumber number = next(path, posted, now);
    const bool is_newest = !now || number.changed >= now->changed;
    const bool is_redrawn = !now || (is_newest && !is_drawn_alike(*now, number));
    const auto sample = [&](const collectors::HostLookup& host_of) {
        return sample_of(path, number, host_of);
    };
    const auto texts = [&](const collectors::HostLookup& host_of) {
        return texts_of(path, number, is_redrawn, host_of);
    };
    Posted done{now.value_or(number), intake.take(LineIntake::Read(sample), sender)};
    if (!is_taken(done.taken) || !is_newest) return done;
    TakenLines told = intake.take(LineIntake::Read(texts), sender);
    if (told.failure || told.refused > 0) {
        const bool has_reason = !told.failure && !told.errors.empty();
        // A part of it does not make it stand.
        done.taken = has_reason ? not_kept(told.errors.front().reason) : std::move(told);
        done.taken.accepted = 0;
        return done;
    }
    done.standing = number;
    numbers_.lock()->insert_or_assign(path, number);
    return done;
}

std::vector<collectors::Report> StandingNumbers::reports(store::Time tick) const {
    std::vector<collectors::Report> all;
    const auto numbers = numbers_.lock_shared();
    for (const auto& [path, number] : *numbers) {
        const store::SampleTime time = tick;
        if (number.changed >= time || time - number.changed > kStandingTime) continue;
        const auto type =
            number.mode == StandingMode::kDerive ? store::DsType::kDerive : store::DsType::kGauge;
        const auto value = store::parse_raw_value(text_of(number.number), type);
        if (!value) continue;
        const std::string host = path.host();
        if (all.empty() || all.back().batch.host != host) {
            all.emplace_back();
            all.back().batch.host = host;
            all.back().time = tick;
        }
        all.back().batch.samples.push_back({path.section, key_of(path, number.mode), *value, time});
    }
    return all;
}

// A sample that is refused here is older than one that was posted meanwhile.
void StandingNumbers::write(store::Time tick) {
    for (const collectors::Report& report : reports(tick)) {
        const auto kept = ingest_.keep(report, kUsualInterval);
        const std::string& host = report.batch.host;
        if (kept || !told_.is_due(host, tick)) continue;
        log_.error("standing numbers are not stored",
                   {{"host", host}, {"reason", kept.error().message}});
    }
}

}  // namespace kurabe::server

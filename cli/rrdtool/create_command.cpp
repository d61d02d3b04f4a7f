// `create FILE DS:... RRA:...`: a new file, alone or filled from others.
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/locking.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "store/at_time.hpp"
#include "store/duration.hpp"
#include "store/range_check.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/archive_writer.hpp"
#include "store/rrd/definitions.hpp"
#include "store/rrd/prefill.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;
using store::Seconds;
using store::Time;

constexpr std::array kCreateOptions{
    OptionSpec{'b', "start", true},         OptionSpec{'s', "step", true},
    OptionSpec{'t', "template", true},      OptionSpec{'r', "source", true},
    OptionSpec{'O', "no-overwrite", false}, kDaemonOption};

constexpr Seconds kDefaultStep{300};
constexpr Seconds kDefaultAge{10};
constexpr Time kEndOfTimes{Seconds{rrd::kSpanMax_s}};

struct CreateRequest {
    std::string_view daemon;  // its address; empty: none
    std::string file;
    std::vector<std::string_view> definitions;
    std::optional<Time> start;
    std::optional<Seconds> step;
    std::string template_file;
    std::vector<std::string> source_files;
    bool overwrites = true;
};

Result<Time> parse_start(std::string_view text, const Session& session) {
    const auto start = store::parse_time(text, session.clock.now_seconds(), session.zone);
    if (!start) return invalid("start time: " + start.error().message);
    if (*start < store::kEarliestStart) {
        return invalid("the first entry to the RRD should be after 1980");
    }
    if (*start >= kEndOfTimes) return invalid("start time: no row can be that late");
    return *start;
}

Result<Seconds> parse_step(std::string_view text) {
    const auto step = store::parse_scaled_duration(text, Seconds{1});
    if (!step) return invalid("step size: " + step.error().message);
    if (*step > std::uint64_t{rrd::kSpanMax_s}) return invalid("step size: value is too large");
    return Seconds{static_cast<std::int64_t>(*step)};
}

Result<void> check_source_file(const std::string& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) {
        if (!error) error = std::make_error_code(std::errc::no_such_file_or_directory);
        return fail(ErrorCode::kNotFound,
                    fmt::format("error checking for source RRD {}: {}", file, error.message()));
    }
    if (!std::filesystem::is_regular_file(status)) {
        return invalid(fmt::format("Not a regular file: {}", file));
    }
    return {};
}

Result<void> take_option(const GivenOption& given, const Session& session, CreateRequest& request) {
    const std::string value(given.value);
    switch (given.spec->letter) {
        case 'b': {
            const auto start = parse_start(value, session);
            if (!start) return std::unexpected(start.error());
            request.start = *start;
            return {};
        }
        case 's': {
            const auto step = parse_step(value);
            if (!step) return std::unexpected(step.error());
            request.step = *step;
            return {};
        }
        case 't':
            if (!request.template_file.empty()) return invalid("template already set");
            request.template_file = value;
            return {};
        case 'r':
            request.source_files.push_back(value);
            return check_source_file(value);
        case 'O':
            request.overwrites = false;
            return {};
        default:
            return {};
    }
}

Result<CreateRequest> parse(Words arguments, const Session& session) {
    const auto parsed = parse_options(arguments, kCreateOptions);
    if (!parsed) return std::unexpected(parsed.error());
    CreateRequest request;
    request.daemon = daemon_address(*parsed, session);
    for (const GivenOption& given : parsed->options) {
        if (auto taken = take_option(given, session, request); !taken) {
            return std::unexpected(taken.error());
        }
    }
    if (parsed->operands.empty()) return invalid("need name of an rrd file to create");
    request.file = parsed->operands.front();
    request.definitions.assign(parsed->operands.begin() + 1, parsed->operands.end());
    return request;
}

// A file that may not be overwritten is noticed before any work; what appears later, at the end.
Result<void> check_overwriting(const CreateRequest& request) {
    std::error_code ignored;
    if (request.overwrites || !std::filesystem::exists(request.file, ignored)) return {};
    return invalid(fmt::format("creating '{}': File exists", request.file));
}

Result<rrd::Archive> open(const std::string& file, std::string_view what,
                          const rrd::LockWait& wait) {
    auto archive = rrd::Archive::open(file, store::File::Access::kRead, wait);
    if (archive) return archive;
    return fail(archive.error().code,
                fmt::format("Cannot open {} RRD {}: {}", what, file, archive.error().message));
}

// What is left unsaid is the template's.
Result<rrd::Definitions> define(CreateRequest& request, const rrd::LockWait& wait) {
    std::optional<rrd::Archive> from;
    if (!request.template_file.empty()) {
        auto archive = open(request.template_file, "template", wait);
        if (!archive) return std::unexpected(archive.error());
        from = std::move(*archive);
        if (!request.step) request.step = from->header().step;
        if (!request.start && request.source_files.empty()) {
            request.start = Time{Seconds{from->header().live.last_update_seconds}};
        }
    }
    rrd::Definitions definitions(request.file, request.step.value_or(kDefaultStep));
    if (from) definitions.add_all(from->header());
    for (const std::string_view definition : request.definitions) {
        if (auto added = definitions.add(definition); !added) {
            return std::unexpected(added.error());
        }
    }
    return definitions;
}

Result<void> write(const CreateRequest& request, const rrd::Header& header,
                   const rrd::RowFiller& fill, Session& session) {
    if (request.file == "-") {
        return rrd::write_archive(
            header, fill, [&](std::span<const std::byte> bytes) -> Result<void> {
                session.out.write(
                    std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
                return {};
            });
    }
    using store::NewFile;
    return rrd::write_archive_file(
        request.file, header, fill,
        {.existing = request.overwrites ? NewFile::Existing::kReplace : NewFile::Existing::kKeep,
         .readers = NewFile::Readers::kAll});
}

Result<void> write_filled(const CreateRequest& request, std::span<const rrd::Archive> files,
                          const rrd::Definitions& definitions, rrd::Header header,
                          Session& session) {
    rrd::CandidateRows candidates(files, definitions.mappings());
    if (auto filled = rrd::prefill_open_state(candidates, header); !filled) return filled;
    rrd::PrefilledRows rows(candidates, header);
    const auto fill = [&](std::size_t rra, std::uint64_t first, std::span<store::Value> block) {
        return rows.fill(rra, first, block);
    };
    return write(request, header, fill, session);
}

// What the daemon is asked for; definitions are judged by it.
std::vector<std::string> words_for_daemon(const CreateRequest& request) {
    std::vector<std::string> words;
    const auto add = [&](std::string_view option, std::string value) {
        words.emplace_back(option);
        words.push_back(std::move(value));
    };
    if (request.start) add("-b", std::to_string(request.start->time_since_epoch().count()));
    if (request.step) add("-s", std::to_string(request.step->count()));
    if (!request.overwrites) words.emplace_back("-O");
    for (const std::string& file : request.source_files) add("-r", file);
    if (!request.template_file.empty()) add("-t", request.template_file);
    words.insert(words.end(), request.definitions.begin(), request.definitions.end());
    return words;
}

// The source files stay locked until the new one has its name, which may be one of theirs.
Result<void> create_file(CreateRequest& request, Session& session) {
    const auto wait = parse_locking(session.locking);
    if (!wait) return std::unexpected(wait.error());
    if (auto checked = check_overwriting(request); !checked) return checked;
    const auto definitions = define(request, *wait);
    if (!definitions) return std::unexpected(definitions.error());

    Time start = session.clock.now_seconds() - kDefaultAge;
    std::vector<rrd::Archive> files;
    for (const std::string& file : request.source_files) {
        auto archive = open(file, "source", *wait);
        if (!archive) return std::unexpected(archive.error());
        const Time last{Seconds{archive->header().live.last_update_seconds}};
        start = files.empty() ? last : std::max(start, last);
        files.push_back(std::move(*archive));
    }
    auto header = definitions->finish(request.start.value_or(start));
    if (!header) return std::unexpected(header.error());
    if (files.empty()) return write(request, *header, rrd::leave_unknown, session);
    return write_filled(request, files, *definitions, std::move(*header), session);
}

}  // namespace

Result<void> run_create(Words arguments, Session& session) {
    auto request = parse(arguments, session);
    if (!request) return std::unexpected(request.error());
    const auto daemon = find_daemon(request->daemon, session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon == nullptr) return create_file(*request, session);
    return (*daemon)->create(request->file, words_for_daemon(*request));
}

}  // namespace kurabe::cli::rrdtool

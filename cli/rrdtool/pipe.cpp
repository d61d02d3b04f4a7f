// The loop over lines.
#include "cli/rrdtool/pipe.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>

#include <fmt/format.h>
#include <sys/resource.h>

#include "cli/rrdtool/directory_commands.hpp"
#include "cli/rrdtool/program.hpp"
#include "cli/rrdtool/words.hpp"

namespace kurabe::cli::rrdtool {
namespace {

// Archives kept open: more than most users have, and each costs a descriptor and a mapping.
constexpr rlim_t kOpenArchivesMax = 4096;
// Descriptors for everything else.
constexpr rlim_t kOtherFiles = 64;

// How many archives this process may keep open, after raising its limit where it may.
std::size_t archives_to_keep() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlim_t wanted = std::min(limit.rlim_max, kOpenArchivesMax + kOtherFiles);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    }
    return std::min(limit.rlim_cur - std::min(limit.rlim_cur, kOtherFiles), kOpenArchivesMax);
}

double seconds_of(const timeval& time) noexcept {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The answer to a command that succeeded. It has hundredths of seconds, and asking the system at
// every answer would be a tenth of what an update takes: a text of the last millisecond is given
// again.
class OkLine {
  public:
    [[nodiscard]] std::string_view text() {
        const auto now = Clock::now();
        if (text_.empty() || now - asked_ > std::chrono::milliseconds{1}) ask(now);
        return text_;
    }

  private:
    using Clock = std::chrono::steady_clock;

    void ask(Clock::time_point now) {
        rusage used{};
        (void)::getrusage(RUSAGE_SELF, &used);
        const std::chrono::duration<double> real = now - start_;
        text_ = fmt::format("OK u:{:.2f} s:{:.2f} r:{:.2f}\n", seconds_of(used.ru_utime),
                            seconds_of(used.ru_stime), real.count());
        asked_ = now;
    }

    Clock::time_point start_ = Clock::now();
    Clock::time_point asked_;
    std::string text_;
};

class Pipe {
  public:
    explicit Pipe(const Session& process)
        : archives_(archives_to_keep()),
          session_{.out = process.out,
                   .in = process.in,
                   .clock = process.clock,
                   .zone = process.zone,
                   .archives = archives_,
                   .whole = process.whole,
                   .called_as = process.called_as,
                   .daemon_address = process.daemon_address,
                   .locking = process.locking,
                   .in_pipe = true} {}

    // What was printed arrives before the next line is waited for; many lines that came together
    // are answered together.
    Result<void> run() {
        while (!is_quit_) {
            if (!session_.in.has_line()) {
                if (auto flushed = session_.out.flush(); !flushed) return flushed;
            }
            const std::string_view line = session_.in.read_line();
            if (line.empty()) break;
            answer(line);
        }
        return session_.out.flush();
    }

  private:
    void answer(std::string_view line) {
        const auto done = run_safely(line);
        if (is_quit_) return;
        if (done) {
            session_.out.write(ok_.text());
        } else {
            session_.out.write(fmt::format("ERROR: {}\n", done.error().message));
        }
    }

    Result<void> run_safely(std::string_view line) {
        try {
            return run_line(line);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::kLimit, "out of memory");
        } catch (const std::exception& exception) {  // what a library throws
            return fail(ErrorCode::kSystem, exception.what());
        }
    }

    Result<void> run_line(std::string_view line) {
        if (line.size() >= kLineBytesMax && line.back() != '\n') return refuse_long_line(line);
        if (line.find('\0') != std::string_view::npos) {
            return fail(ErrorCode::kInvalid, "a command cannot hold a zero byte");
        }
        const auto words = splitter_.split(line);
        if (!words) return std::unexpected(words.error());
        return run_words(*words);
    }

    Result<void> run_words(Words words) {
        if (words.empty()) return run_program(words, session_);
        if (words.front() == "quit") {
            is_quit_ = words.size() == 1;
            if (is_quit_) return {};
            return fail(ErrorCode::kInvalid, "invalid parameter count for quit");
        }
        if (is_directory_command(words.front())) return run_directory_command(words, session_);
        return run_program(words, session_);
    }

    // Passes over the rest of it.
    Result<void> refuse_long_line(std::string_view part) {
        while (!part.empty() && part.back() != '\n') part = session_.in.read_line();
        return fail(ErrorCode::kLimit,
                    fmt::format("a command has at most {} bytes", kLineBytesMax - 1));
    }

    OkLine ok_;
    WordSplitter splitter_;
    store::rrd::OpenArchives archives_;
    Session session_;
    bool is_quit_ = false;
};

}  // namespace

Result<void> run_pipe(Words arguments, const Session& process) {
    if (!arguments.empty()) {
        if (auto changed = change_directory(arguments.front()); !changed) return changed;
    }
    return Pipe(process).run();
}

}  // namespace kurabe::cli::rrdtool

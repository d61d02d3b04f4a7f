// The loop over lines.
#include "cli/rrdtool/pipe.hpp"

#include <algorithm>
#include <array>
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

// What was printed arrives before more is waited for, by the pipe or by a command that reads on;
// lines that came together are answered together.
class TiedInput : public Input {
  public:
    TiedInput(Input& in, Output& out) noexcept : in_(in), out_(out) {}

    // Empty also when what was printed did not arrive.
    [[nodiscard]] std::string_view read_line() override {
        if (!in_.has_line() && flushed_) flushed_ = out_.flush();
        return flushed_ ? in_.read_line() : std::string_view{};
    }
    [[nodiscard]] bool has_line() const noexcept override { return in_.has_line(); }
    [[nodiscard]] std::string_view from_last_line() const noexcept override {
        return in_.from_last_line();
    }
    [[nodiscard]] const Result<void>& flushed() const noexcept { return flushed_; }

  private:
    Input& in_;
    Output& out_;
    Result<void> flushed_;
};

// The answer to a command that succeeded. It has hundredths of seconds, and asking the system at
// every answer would be a tenth of what an update takes: a text of the last millisecond is given
// again. It takes no memory.
class OkLine {
  public:
    explicit OkLine(std::chrono::steady_clock::time_point started) noexcept : started_(started) {}

    [[nodiscard]] std::string_view text() {
        const auto now = Clock::now();
        if (size_ == 0 || now - asked_ > std::chrono::milliseconds{1}) ask(now);
        return {bytes_.data(), size_};
    }

  private:
    using Clock = std::chrono::steady_clock;

    void ask(Clock::time_point now) {
        rusage used{};
        (void)::getrusage(RUSAGE_SELF, &used);
        const std::chrono::duration<double> real = now - started_;
        const auto written =
            fmt::format_to_n(bytes_.data(), bytes_.size(), "OK u:{:.2f} s:{:.2f} r:{:.2f}\n",
                             seconds_of(used.ru_utime), seconds_of(used.ru_stime), real.count());
        size_ = written.size;
        asked_ = now;
    }

    Clock::time_point started_;
    Clock::time_point asked_;
    std::array<char, 128> bytes_{};  // of a process that runs for ages
    std::size_t size_ = 0;
};

class Pipe {
  public:
    explicit Pipe(const Session& process)
        : in_(process.in, process.out),
          ok_(process.started),
          archives_(archives_to_keep()),
          session_{.out = process.out,
                   .in = in_,
                   .clock = process.clock,
                   .zone = process.zone,
                   .archives = archives_,
                   .whole = process.whole,
                   .daemons = process.daemons,
                   .called_as = process.called_as,
                   .daemon_address = process.daemon_address,
                   .daemon_strip_path = process.daemon_strip_path,
                   .locking = process.locking,
                   .started = process.started,
                   .in_pipe = true} {}

    Result<void> run() {
        while (!is_quit_) {
            const std::string_view line = in_.read_line();
            if (line.empty()) break;
            answer(line);
        }
        return in_.flushed() ? session_.out.flush() : in_.flushed();
    }

  private:
    void answer(std::string_view line) {
        const auto done = run_safely(line);
        if (is_quit_) return;
        if (done) {
            session_.out.write(ok_.text());
        } else {
            session_.out.write("ERROR: ");
            session_.out.write(done.error().message);
            session_.out.write("\n");
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
        while (!part.empty() && part.back() != '\n') part = in_.read_line();
        return fail(ErrorCode::kLimit,
                    fmt::format("a command has at most {} bytes", kLineBytesMax - 1));
    }

    TiedInput in_;
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

// A session of rrdtool's commands inside the test's process: output to a text, input from one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "cli/rrdtool/session.hpp"
#include "store/rrd/open_archives.hpp"
#include "store/time_zone.hpp"

namespace kurabe::tests {

class TextOutput : public cli::rrdtool::Output {
  public:
    void write(std::string_view text) override { text_ += text; }
    Result<void> flush() override { return {}; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
};

class TextInput : public cli::rrdtool::Input {
  public:
    explicit TextInput(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] std::string_view read_line() override {
        const std::string_view rest = std::string_view(text_).substr(at_);
        const auto end = rest.find('\n');
        const std::string_view line =
            end == std::string_view::npos ? rest : rest.substr(0, end + 1);
        const std::string_view part = line.substr(0, cli::rrdtool::kLineBytesMax);
        at_ += part.size();
        return part;
    }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

class SystemClock : public cli::rrdtool::Clock {
  public:
    [[nodiscard]] store::SampleTime now() const override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

class NoWholeProgram : public cli::rrdtool::WholeProgram {
  public:
    Result<void> run(std::string_view command, cli::rrdtool::Words,
                     cli::rrdtool::Session&) override {
        return fail(ErrorCode::kUnsupported, "not in this test: " + std::string(command));
    }
    Result<store::FetchedSeries> fetch(const cli::SeriesPlace&, std::string_view series,
                                       const store::FetchRequest&) override {
        return fail(ErrorCode::kUnsupported, "not in this test: " + std::string(series));
    }
    Result<store::rrd::Archive> open_series(const cli::SeriesPlace&,
                                            std::string_view series) override {
        return fail(ErrorCode::kUnsupported, "not in this test: " + std::string(series));
    }
};

// The parts of a session of one command, which may be replaced before it runs.
struct TestSession {
    TextOutput out;
    TextInput in{""};
    SystemClock clock;
    store::TimeZone zone = store::TimeZone::system();
    store::rrd::OpenArchives archives{0};
    NoWholeProgram whole;
    cli::rrdtool::Session session{
        .out = out, .in = in, .clock = clock, .zone = zone, .archives = archives, .whole = whole};
};

}  // namespace kurabe::tests

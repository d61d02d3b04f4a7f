// A session of rrdtool's commands inside the test's process: output to a text, input from one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    Result<std::vector<cli::rrdcached::SocketAddress>> look_up(
        const cli::rrdcached::NetworkAddress& address) override {
        return fail(ErrorCode::kUnsupported, "not in this test: " + address.host);
    }
};

// A session of one command.
class TestSession {
  public:
    // `whole` may be nullptr.
    explicit TestSession(cli::rrdtool::WholeProgram* whole = nullptr, std::string input = {})
        : in_(std::move(input)), whole_(whole != nullptr ? *whole : none_) {}
    TestSession(const TestSession&) = delete;
    TestSession& operator=(const TestSession&) = delete;

    [[nodiscard]] cli::rrdtool::Session& session() noexcept { return session_; }
    [[nodiscard]] const TextOutput& out() const noexcept { return out_; }

  private:
    TextOutput out_;
    TextInput in_;
    SystemClock clock_;
    store::TimeZone zone_ = store::TimeZone::system();
    store::rrd::OpenArchives archives_{0};
    NoWholeProgram none_;
    cli::rrdcached::Daemons daemons_;
    cli::rrdtool::WholeProgram& whole_;
    cli::rrdtool::Session session_{.out = out_,
                                   .in = in_,
                                   .clock = clock_,
                                   .zone = zone_,
                                   .archives = archives_,
                                   .whole = whole_,
                                   .daemons = daemons_};
};

}  // namespace kurabe::tests

// A log line stays one line and says only what was logged, whatever a value holds.
#include "server/log.hpp"

#include <array>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;

// What a Log wrote to a temporary file.
class Captured {
  public:
    Captured() : file_(std::tmpfile()) {}
    ~Captured() { std::fclose(file_); }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    [[nodiscard]] int descriptor() const { return fileno(file_); }

    [[nodiscard]] std::string text() const {
        std::string all;
        std::array<char, 4096> part{};
        ssize_t got = 0;
        while ((got = ::pread(descriptor(), part.data(), part.size(),
                              static_cast<off_t>(all.size()))) > 0) {
            all.append(part.data(), static_cast<std::size_t>(got));
        }
        return all;
    }

    // The part of the only line behind the word "message".
    [[nodiscard]] std::string fields() const {
        const std::string line = text();
        const std::size_t at = line.find(" message");
        return at == std::string::npos ? "no message in: " + line : line.substr(at + 8);
    }

  private:
    std::FILE* file_;
};

std::string logged(std::string value) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kInfo);
    log.info("message", {{"key", std::move(value)}});
    return captured.fields();
}

TEST(Log, LineHasTimeLevelMessageAndFields) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kInfo);
    log.warning("host is stale", {{"host", "10.0.0.1"}, {"seconds", "301"}});
    EXPECT_THAT(captured.text(),
                MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z warning "
                             "host is stale host=10\\.0\\.0\\.1 seconds=301\n"));
}

TEST(Log, TellsTheJournalThePriorityOfEachLine) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kDebug, LogReader::kJournal);
    log.write(LogLevel::kDebug, "a", {});
    log.info("b");
    log.warning("c");
    log.error("d");
    EXPECT_THAT(captured.text(), MatchesRegex("<7>2.*Z debug a\n<6>2.*Z info b\n"
                                              "<4>2.*Z warning c\n<3>2.*Z error d\n"));
}

TEST(Log, DropsWhatIsBelowItsLevel) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kWarning);
    log.write(LogLevel::kDebug, "message", {});
    log.info("message");
    EXPECT_EQ(captured.text(), "");
    log.error("message");
    EXPECT_THAT(captured.text(), EndsWith(" error message\n"));
}

TEST(Log, QuotesAndEscapesWhatCouldForgeALineOrField) {
    EXPECT_EQ(logged("plain-1.2:/_"), " key=plain-1.2:/_\n");
    EXPECT_EQ(logged(""), " key=\"\"\n");
    EXPECT_EQ(logged("two words"), " key=\"two words\"\n");
    EXPECT_EQ(logged("a=b"), " key=\"a=b\"\n");
    EXPECT_EQ(logged("say \"hi\" \\"), " key=\"say \\\"hi\\\" \\\\\"\n");
    EXPECT_EQ(logged("a\nb\r\tc"), " key=\"a\\nb\\r\\tc\"\n");
    EXPECT_EQ(logged("\x1b[31mred"), " key=\"\\x1b[31mred\"\n");
    EXPECT_EQ(logged("\x7f"), " key=\"\\x7f\"\n");
    EXPECT_EQ(logged("\xc2\x9b"
                     "31m"),
              " key=\"\\xc2\\x9b31m\"\n");
    EXPECT_EQ(logged(std::string("a\0b", 3)), " key=\"a\\x00b\"\n");
}

TEST(Log, KeepsUtf8AndEscapesWhatIsNot) {
    EXPECT_EQ(logged("比べ"), " key=\"比べ\"\n");
    EXPECT_EQ(logged("\xff\xe6\xaf"), " key=\"\\xff\\xe6\\xaf\"\n");
}

TEST(Log, CutsLongValuesAtACharacter) {
    EXPECT_EQ(logged(std::string(64 << 10, 'x')),
              " key=" + std::string(kLogTextBytesMax, 'x') + "...\n");
    std::string japanese;
    while (japanese.size() < kLogTextBytesMax + 10) japanese += "比";
    const std::string line = logged(japanese);
    EXPECT_EQ(line, " key=\"" + japanese.substr(0, kLogTextBytesMax / 3 * 3) + "...\"\n");
}

TEST(Log, EscapesTheMessageToo) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kInfo);
    log.error("cannot read \"a\nb\"");
    EXPECT_THAT(captured.text(), EndsWith(" error cannot read \"a\\nb\"\n"));
}

TEST(Log, LinesOfThreadsDoNotMix) {
    Captured captured;
    Log log(captured.descriptor(), LogLevel::kInfo);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&log] {
            for (int line = 0; line < 200; ++line) log.info("message", {{"key", "value"}});
        });
    }
    threads.clear();
    const std::string all = captured.text();
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = all.find(" info message key=value\n", at)) != std::string::npos;
         ++at) {
        ++lines;
    }
    EXPECT_EQ(lines, 800U);
    EXPECT_EQ(all.size(),
              800 * std::string_view("2026-01-02T03:04:05Z info message key=value\n").size());
}

TEST(Utf8, AcceptsWellFormedSequencesOnly) {
    EXPECT_EQ(store::utf8_length("a"), 1U);
    EXPECT_EQ(store::utf8_length("é"), 2U);
    EXPECT_EQ(store::utf8_length("比べ"), 3U);
    EXPECT_EQ(store::utf8_length("😀"), 4U);
    for (const std::string_view bad :
         {"", "\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xe6\xaf",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        EXPECT_EQ(store::utf8_length(bad), 0U) << testing::PrintToString(bad);
    }
}

}  // namespace
}  // namespace kurabe::server

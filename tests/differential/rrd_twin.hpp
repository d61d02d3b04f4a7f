// The same command to the installed rrdtool and to ours, each in a directory of its own: texts,
// errors and files must agree.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rrdtool/session.hpp"
#include "store/time_zone.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class RrdTwin {
  public:
    using Answer = RrdtoolProcess::Answer;

    // Changes the process's directory to ours() until the end, so that both sides can be given the
    // same relative names. rrdtool runs with this process's TZ.
    // `whole` runs what the small image leaves to it, and must outlive this; null: none of that.
    explicit RrdTwin(cli::rrdtool::WholeProgram* whole = nullptr);
    ~RrdTwin();
    RrdTwin(const RrdTwin&) = delete;
    RrdTwin& operator=(const RrdTwin&) = delete;

    [[nodiscard]] const std::filesystem::path& ours() const noexcept { return ours_; }
    [[nodiscard]] const std::filesystem::path& theirs() const noexcept { return theirs_; }

    // One command such as "info a.rrd", in words as in rrdtool's pipe mode; `input` comes after it.
    [[nodiscard]] Answer run_ours(std::string_view command, std::string input = {});
    [[nodiscard]] Answer run_theirs(std::string_view command);

    // Runs it on both sides; fails the test unless both succeed or both fail, with equal texts.
    // Returns rrdtool's answer.
    Answer expect_same(std::string_view command);

    // Runs at ours alone what ours refuses, or refuses with other words; fails the test unless
    // `file` stays as it is. Returns the message.
    std::string refusal(std::string_view command, const std::string& file);

    // Runs it at rrdtool only and copies the file that it made to our side. Updates of both sides
    // then give equal bytes, because both began with the same random row.
    void make_shared(std::string_view command, const std::string& file);
    // Copies a file to the other side.
    void copy_to_ours(const std::string& file);
    void copy_to_theirs(const std::string& file);

    // Every byte of the header but the rows' pointers, and every row by its age.
    void expect_same_archive(const std::string& file);
    // Every byte.
    void expect_same_bytes(const std::string& file);

  private:
    TemporaryDirectory directory_;
    std::filesystem::path before_;
    std::filesystem::path ours_;
    std::filesystem::path theirs_;
    RrdtoolProcess rrdtool_;
    cli::rrdtool::WholeProgram* whole_;
};

// Makes a file one of version 1 or 2, as rrdtool before 1.2 wrote them.
void lower_version(const std::filesystem::path& path, int version);
// Gives all SEASONAL and DEVSEASONAL that smoothing window.
void put_windows(const std::filesystem::path& path, double window);

}  // namespace kurabe::tests

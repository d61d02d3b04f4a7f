// Runs both sides and compares.
#include "tests/differential/rrd_twin.hpp"

#include <cstring>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "cli/rrdtool/program.hpp"
#include "cli/rrdtool/words.hpp"
#include "store/rrd/header.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_session.hpp"

namespace kurabe::tests {
namespace {

namespace rrdtool = cli::rrdtool;
namespace rrd = store::rrd;

// The rows of an RRA, oldest first, as bytes.
std::string rows_by_age(const std::string& file, const rrd::Header& header, std::size_t rra) {
    const std::uint64_t row = header.row_bytes();
    const std::uint64_t rows = header.rras[rra].rows;
    const std::string_view ring = std::string_view(file).substr(header.rra_offset(rra), rows * row);
    const std::uint64_t oldest = (header.current_rows[rra] + 1) % rows * row;
    return std::string(ring.substr(oldest)) + std::string(ring.substr(0, oldest));
}

std::string without_pointers(const std::string& file, const rrd::Header& header) {
    return file.substr(0, header.bytes() - 8 * header.rras.size());
}

// What lies at a byte of the file.
std::string place_of(const std::string& file, std::size_t offset) {
    const auto header = rrd::decode_header("a", std::as_bytes(std::span(file)), file.size());
    if (!header) return "a file that cannot be read";
    const std::size_t sources = header->sources.size();
    const std::size_t cdps =
        header->bytes() - 8 * header->rras.size() - sizeof(rrd::CdpRecord) * header->cdps.size();
    if (offset < header->live_offset()) return "definitions";
    if (offset < cdps) return "last update or open PDPs";
    if (offset < header->bytes() - 8 * header->rras.size()) {
        const std::size_t cdp = (offset - cdps) / sizeof(rrd::CdpRecord);
        return "slot " + std::to_string((offset - cdps) % sizeof(rrd::CdpRecord) / 8) +
               " of the CDP of RRA " + std::to_string(cdp / sources) + ", data source " +
               std::to_string(cdp % sources);
    }
    return offset < header->bytes() ? "current rows" : "rows";
}

std::uint64_t word_at(const std::string& file, std::size_t offset) {
    std::uint64_t word = 0;
    std::memcpy(&word, file.data() + offset / 8 * 8, sizeof word);
    return word;
}

std::size_t first_difference(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                    a.begin());
}

void change_header(const std::filesystem::path& path,
                   const std::function<void(rrd::Header&)>& change) {
    std::string bytes = read_file(path);
    const auto file = std::as_bytes(std::span(bytes));
    auto header = rrd::decode_header(path.native(), file, file.size());
    ASSERT_TRUE(header) << header.error().message;
    const std::string rows = bytes.substr(header->bytes());
    change(*header);
    bytes.resize(header->bytes());
    rrd::encode_header(*header, std::as_writable_bytes(std::span(bytes)));
    std::ofstream(path, std::ios::binary) << bytes << rows;
}

}  // namespace

void lower_version(const std::filesystem::path& path, int version) {
    change_header(path, [&](rrd::Header& header) { header.version = version; });
}

void put_windows(const std::filesystem::path& path, double window) {
    change_header(path, [&](rrd::Header& header) {
        for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
            if (!rrd::is_seasonal(header.cf(rra))) continue;
            header.rras[rra].parameters[rrd::RraRecord::kSmoothingWindow] =
                rrd::Slot::of_number(window);
        }
    });
}

RrdTwin::RrdTwin(cli::rrdtool::WholeProgram* whole)
    : before_(std::filesystem::current_path()),
      ours_(directory_.path() / "ours"),
      theirs_(directory_.path() / "theirs"),
      whole_(whole) {
    std::filesystem::create_directory(ours_);
    std::filesystem::create_directory(theirs_);
    std::filesystem::current_path(ours_);
    (void)rrdtool_.run("cd " + theirs_.string());
}

RrdTwin::~RrdTwin() {
    std::filesystem::current_path(before_);
}

RrdTwin::Answer RrdTwin::run_ours(std::string_view text, std::string input) {
    const auto words = rrdtool::split_words(text);
    if (!words) return {false, words.error().message};
    TestSession ours(whole_, std::move(input));
    const auto done = rrdtool::run_program(*words, ours.session());
    if (!done) return {false, ours.out().text() + done.error().message};
    return {true, ours.out().text()};
}

RrdTwin::Answer RrdTwin::run_theirs(std::string_view command) {
    return rrdtool_.run(command);
}

RrdTwin::Answer RrdTwin::expect_same(std::string_view command) {
    const Answer theirs = run_theirs(command);
    const Answer ours = run_ours(command);
    EXPECT_EQ(ours.ok, theirs.ok) << command << "\nours: " << ours.text
                                  << "\nrrdtool: " << theirs.text;
    EXPECT_EQ(ours.text, theirs.text) << command;
    return theirs;
}

std::string RrdTwin::refusal(std::string_view command, const std::string& file) {
    const std::string before = read_file(ours_ / file);
    const Answer answer = run_ours(command);
    EXPECT_FALSE(answer.ok) << command;
    EXPECT_TRUE(read_file(ours_ / file) == before) << command;
    return answer.text;
}

void RrdTwin::make_shared(std::string_view command, const std::string& file) {
    const Answer made = run_theirs(command);
    ASSERT_TRUE(made.ok) << command << '\n' << made.text;
    copy_to_ours(file);
}

void RrdTwin::copy_to_ours(const std::string& file) {
    std::filesystem::copy_file(theirs_ / file, ours_ / file,
                               std::filesystem::copy_options::overwrite_existing);
}

void RrdTwin::copy_to_theirs(const std::string& file) {
    std::filesystem::copy_file(ours_ / file, theirs_ / file,
                               std::filesystem::copy_options::overwrite_existing);
}

void RrdTwin::expect_same_archive(const std::string& name) {
    const std::string ours = read_file(ours_ / name);
    const std::string theirs = read_file(theirs_ / name);
    const auto our_header = rrd::decode_header(name, std::as_bytes(std::span(ours)), ours.size());
    const auto their_header =
        rrd::decode_header(name, std::as_bytes(std::span(theirs)), theirs.size());
    ASSERT_TRUE(our_header) << our_header.error().message;
    ASSERT_TRUE(their_header) << their_header.error().message;
    ASSERT_EQ(ours.size(), theirs.size());
    const std::string our_part = without_pointers(ours, *our_header);
    const std::string their_part = without_pointers(theirs, *their_header);
    ASSERT_TRUE(our_part == their_part)
        << name << ": headers differ at byte " << first_difference(our_part, their_part);
    for (std::size_t rra = 0; rra < our_header->rras.size(); ++rra) {
        const std::string our_rows = rows_by_age(ours, *our_header, rra);
        const std::string their_rows = rows_by_age(theirs, *their_header, rra);
        ASSERT_TRUE(our_rows == their_rows)
            << name << ": RRA " << rra << " differs at row "
            << first_difference(our_rows, their_rows) / our_header->row_bytes()
            << " counted from the oldest";
    }
}

void RrdTwin::expect_same_bytes(const std::string& name) {
    const std::string ours = read_file(ours_ / name);
    const std::string theirs = read_file(theirs_ / name);
    const std::size_t at = first_difference(ours, theirs);
    ASSERT_TRUE(ours == theirs) << name << ": files differ at byte " << at << " of "
                                << theirs.size() << ": " << place_of(theirs, at) << std::hex
                                << "\nours:    " << word_at(ours, at)
                                << "\nrrdtool: " << word_at(theirs, at);
}

}  // namespace kurabe::tests

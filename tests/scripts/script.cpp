// Reading and writing scripts.
#include "tests/scripts/script.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace kurabe::tests {
namespace {

constexpr std::string_view kSeparator = "----";
constexpr std::string_view kAsRrdtool = "---- as rrdtool";

class Reader {
  public:
    explicit Reader(const std::filesystem::path& path) : name_(path.filename()) {
        std::ifstream file(path);
        if (!file) throw std::runtime_error("cannot read " + path.string());
        for (std::string line; std::getline(file, line);) lines_.push_back(line);
    }

    Script script() {
        Script script;
        for (;;) {
            std::vector<std::string> before = take_comments();
            if (at_ == lines_.size()) {
                script.after = std::move(before);
                return script;
            }
            script.blocks.push_back(block(std::move(before)));
        }
    }

  private:
    std::vector<std::string> take_comments() {
        std::vector<std::string> comments;
        while (at_ < lines_.size() && (line().empty() || line().starts_with('#'))) {
            comments.push_back(lines_[at_++]);
        }
        return comments;
    }

    Block block(std::vector<std::string> before) {
        Block block{std::move(before), {}, false, {}};
        while (at_ < lines_.size() && !line().starts_with(kSeparator)) {
            if (line().empty()) fail("a command or ---- expected");
            block.commands.push_back(lines_[at_++]);
        }
        if (at_ == lines_.size()) fail("---- expected");
        block.as_rrdtool = line() == kAsRrdtool;
        if (!block.as_rrdtool && line() != kSeparator) fail("---- or '---- as rrdtool' expected");
        ++at_;
        block.expected = is_at_separator() ? framed_text() : plain_text();
        return block;
    }

    std::string plain_text() {
        std::string text;
        while (at_ < lines_.size() && !line().empty()) text += lines_[at_++] + "\n";
        return text;
    }

    std::string framed_text() {
        std::string text;
        for (++at_; !is_at_separator() || at_ + 1 == lines_.size() || lines_[at_ + 1] != kSeparator;
             ++at_) {
            if (at_ + 1 >= lines_.size()) fail("two lines ---- expected");
            text += lines_[at_] + "\n";
        }
        at_ += 2;
        return text;
    }

    [[nodiscard]] const std::string& line() const { return lines_[at_]; }
    [[nodiscard]] bool is_at_separator() const {
        return at_ < lines_.size() && line() == kSeparator;
    }
    [[noreturn]] void fail(const std::string& reason) const {
        throw std::runtime_error(name_ + ":" + std::to_string(at_ + 1) + ": " + reason);
    }

    std::string name_;
    std::vector<std::string> lines_;
    std::size_t at_ = 0;
};

bool has_blank_line(const std::string& text) {
    return text.starts_with('\n') || text.find("\n\n") != std::string::npos;
}

}  // namespace

Script Script::read(const std::filesystem::path& path) {
    return Reader(path).script();
}

void Script::write(const std::filesystem::path& path) const {
    std::ofstream file(path);
    for (const Block& block : blocks) {
        for (const std::string& line : block.before) file << line << '\n';
        for (const std::string& line : block.commands) file << line << '\n';
        file << (block.as_rrdtool ? kAsRrdtool : kSeparator) << '\n';
        const bool is_framed = has_blank_line(block.expected);
        if (is_framed) file << kSeparator << '\n';
        file << block.expected;
        if (is_framed) file << kSeparator << '\n' << kSeparator << '\n';
    }
    for (const std::string& line : after) file << line << '\n';
}

}  // namespace kurabe::tests

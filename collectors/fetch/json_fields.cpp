// nlohmann-json's events, so that no tree is built and none has to be taken down.
#include "collectors/fetch/json_fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kurabe::collectors::fetch {
namespace {

using nlohmann::json;

// A part of a pointer: '~' and '/' are written in another way.
std::string pointer_part(std::string_view key) {
    std::string part = "/";
    for (const char c : key) {
        if (c == '~') {
            part += "~0";
        } else if (c == '/') {
            part += "~1";
        } else {
            part += c;
        }
    }
    return part;
}

class Leaves final : public json::json_sax_t {
  public:
    Leaves(std::string_view prefix, Fields& fields) : path_(prefix), fields_(fields) {}

    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

    bool null() override { return ended(); }
    bool boolean(bool value) override { return leaf(value ? "1" : "0"); }
    bool number_integer(number_integer_t value) override { return leaf(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return leaf(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { return leaf(text); }
    bool string(string_t& text) override { return leaf(text); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        path_.resize(open_.back().path_size);
        path_ += pointer_part(name);
        return true;
    }
    bool parse_error(std::size_t at, const std::string&, const json::exception&) override {
        error_ = Error{ErrorCode::kInvalid, fmt::format("the answer is no JSON (byte {})", at)};
        return false;
    }

  private:
    struct Open {
        std::size_t path_size;  // of the path to the collection itself
        bool is_array;
        std::uint32_t count = 0;  // of the items of an array so far
    };

    // The place of the next item of an array; members of objects have had their key.
    void begin_item() {
        if (open_.empty() || !open_.back().is_array) return;
        path_.resize(open_.back().path_size);
        path_ += pointer_part(std::to_string(open_.back().count++));
    }
    bool ended() {
        begin_item();
        return true;
    }
    bool leaf(std::string_view text) {
        begin_item();
        fields_.add(path_, text);
        return true;
    }
    bool open(bool is_array) {
        begin_item();
        if (open_.size() >= kJsonDepthMax) {
            error_ = Error{ErrorCode::kLimit,
                           fmt::format("JSON nested deeper than {}, the limit", kJsonDepthMax)};
            return false;
        }
        open_.push_back({path_.size(), is_array});
        return true;
    }
    bool close() {
        path_.resize(open_.back().path_size);
        open_.pop_back();
        return true;
    }

    std::string path_;
    Fields& fields_;
    std::vector<Open> open_;
    std::optional<Error> error_;
};

}  // namespace

Result<void> add_json_fields(std::string_view text, std::string_view prefix, Fields& fields) {
    Leaves leaves(prefix, fields);
    if (json::sax_parse(text, &leaves)) return {};
    if (leaves.error()) return std::unexpected(*leaves.error());
    return fail(ErrorCode::kInvalid, "the answer is no JSON");
}

}  // namespace kurabe::collectors::fetch

// nlohmann-json's events. Depth 1 is the list or the object that holds lists.
#include "server/json_records.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using nlohmann::json;

constexpr std::size_t kShownNameBytesMax = 100;  // of a name, in an error

class Records final : public json::json_sax_t {
  public:
    using Take = std::function<void(const JsonRecord&)>;
    explicit Records(const Take& take) : take_(take) {}

    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

    bool null() override { return value({JsonValue::Kind::kNull}); }
    bool boolean(bool is) override { return value({JsonValue::Kind::kTruth, is ? "1" : "0"}); }
    bool number_integer(number_integer_t number) override {
        return value({JsonValue::Kind::kNumber, std::to_string(number)});
    }
    bool number_unsigned(number_unsigned_t number) override {
        return value({JsonValue::Kind::kNumber, std::to_string(number)});
    }
    bool number_float(number_float_t, const string_t& text) override {
        return value({JsonValue::Kind::kNumber, text});
    }
    bool string(string_t& text) override {
        return value({JsonValue::Kind::kText, std::move(text)});
    }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        if (depth_ == 0) {
            has_lists_ = true;
        } else if (depth_ == list_depth()) {
            begin_record();
            is_object_ = true;
        } else if (!nested()) {
            return false;
        }
        return deeper();
    }
    bool end_object() override {
        --depth_;
        if (depth_ == list_depth()) end_record();
        return true;
    }
    bool start_array(std::size_t) override {
        if (depth_ + 1 == list_depth()) {
            index_ = 0;
        } else if (depth_ == list_depth()) {
            begin_record();
        } else if (!nested()) {
            return false;
        }
        return deeper();
    }
    bool end_array() override {
        --depth_;
        if (depth_ == list_depth()) end_record();
        return true;
    }
    bool key(string_t& name) override {
        if (has_lists_ && depth_ == 1) {
            record_.list = std::move(name);
        } else if (is_object_ && depth_ == list_depth() + 1) {
            key_ = std::move(name);
        }
        return true;
    }
    // The parser does not go on behind a number that it cannot hold.
    bool parse_error(std::size_t at, const std::string& last,
                     const json::exception& error) override {
        constexpr int kNumberOverflow = 406;
        std::string message = fmt::format("no JSON (byte {})", at);
        if (error.id == kNumberOverflow) {
            message = fmt::format("{}the number {} is too large (byte {})", element(),
                                  store::utf8_prefix(last, kShownNameBytesMax), at);
        }
        error_ = Error{ErrorCode::kInvalid, std::move(message)};
        return false;
    }

  private:
    // How deep the elements of lists are.
    [[nodiscard]] std::size_t list_depth() const noexcept { return has_lists_ ? 2 : 1; }

    // What is being read, "samples[3]: ".
    [[nodiscard]] std::string element() const {
        if (depth_ < list_depth()) return {};
        return fmt::format("{}[{}]: ", store::utf8_prefix(record_.list, kShownNameBytesMax),
                           depth_ > list_depth() ? record_.index : index_);
    }
    bool deeper() {
        if (++depth_ <= kJsonRecordDepthMax) return true;
        error_ = Error{ErrorCode::kLimit,
                       fmt::format("JSON nested deeper than {}, the limit", kJsonRecordDepthMax)};
        return false;
    }
    bool no_list() {
        error_ =
            Error{ErrorCode::kInvalid,
                  has_lists_ ? fmt::format("'{}' is no list",
                                           store::utf8_prefix(record_.list, kShownNameBytesMax))
                             : "neither a list nor an object of lists"};
        return false;
    }
    // Something that holds others, in an object of a list or where a list should be.
    bool nested() {
        if (depth_ < list_depth()) return no_list();
        if (depth_ == list_depth() + 1) return value({JsonValue::Kind::kNested});
        return true;
    }
    bool value(JsonValue given) {
        if (depth_ < list_depth()) return no_list();
        if (depth_ == list_depth()) {
            begin_record();
            end_record();
        } else if (is_object_ && depth_ == list_depth() + 1) {
            add(std::move(given));
        }
        return true;
    }
    void add(JsonValue given) {
        if (record_.find(key_) != nullptr) {
            record_.wrong =
                fmt::format("'{}' is given twice", store::utf8_prefix(key_, kShownNameBytesMax));
        } else if (record_.fields.size() >= kJsonRecordFieldsMax) {
            record_.wrong = fmt::format("more than {} fields", kJsonRecordFieldsMax);
        } else {
            record_.fields.emplace_back(std::move(key_), std::move(given));
        }
    }
    void begin_record() {
        record_.index = index_++;
        record_.fields.clear();
        record_.wrong.clear();
        is_object_ = false;
    }
    void end_record() {
        if (!is_object_) record_.wrong = "an object is needed";
        take_(record_);
        is_object_ = false;
    }

    const Take& take_;
    std::size_t depth_ = 0;
    bool has_lists_ = false;
    bool is_object_ = false;
    std::size_t index_ = 0;
    JsonRecord record_;
    std::string key_;
    std::optional<Error> error_;
};

}  // namespace

const JsonValue* JsonRecord::find(std::string_view key) const {
    const auto found = std::ranges::find(
        fields, key, [](const auto& field) { return std::string_view(field.first); });
    return found == fields.end() ? nullptr : &found->second;
}

Result<std::string_view> JsonRecord::text(std::string_view key) const {
    const JsonValue* const value = find(key);
    if (value == nullptr) return fail(ErrorCode::kInvalid, fmt::format("'{}' is missing", key));
    if (value->kind == JsonValue::Kind::kText) return value->text;
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has to be a text", key));
}

Result<void> read_json_records(std::string_view text,
                               const std::function<void(const JsonRecord&)>& take) {
    Records records(take);
    if (json::sax_parse(text, &records)) return {};
    return std::unexpected(
        records.error().value_or(Error{ErrorCode::kInvalid, "the body is no JSON"}));
}

}  // namespace kurabe::server

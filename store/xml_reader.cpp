// expat's callbacks, which cannot return errors, keep the first one and stop the parser.
#include "store/xml_reader.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>

#include <expat.h>
#include <fmt/format.h>

#include "store/trimmed.hpp"

namespace kurabe::store {
namespace {

struct ParserDeleter {
    void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};

}  // namespace

struct XmlReader::State {
    explicit State(XmlHandler& receiver) : handler(receiver), parser(XML_ParserCreate(nullptr)) {
        if (!parser) throw std::bad_alloc();
        XML_SetUserData(parser.get(), this);
        XML_SetElementHandler(parser.get(), on_begin, on_end);
        XML_SetCharacterDataHandler(parser.get(), on_text);
        XML_SetDefaultHandlerExpand(parser.get(), on_other);
        XML_SetEntityDeclHandler(parser.get(), on_entity);
        XML_SetSkippedEntityHandler(parser.get(), on_skipped);
    }

    template <typename Take>
    static void call(void* user_data, Take take) noexcept;
    static void on_begin(void* user_data, const char* name, const char** attributes);
    static void on_end(void* user_data, const char* name);
    static void on_text(void* user_data, const char* bytes, int size);
    static void on_other(void* user_data, const char* bytes, int size);
    static void on_entity(void* user_data, const char* name, int, const char*, int, const char*,
                          const char*, const char*, const char*);
    static void on_skipped(void* user_data, const char* name, int);

    void begin(std::string_view name);
    void end();
    void add_text(std::string_view bytes);
    [[nodiscard]] bool expect_no_text();
    void stop(ErrorCode code, std::string_view reason);
    void stop_unless(const Result<void>& accepted) {
        if (!accepted) stop(accepted.error().code, accepted.error().message);
    }
    Result<void> parse(std::string_view bytes, bool is_last);

    XmlHandler& handler;
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter> parser;
    std::string text;           // of the element that began or ended last
    bool has_children = false;  // the element whose end comes next
    std::size_t depth = 0;
    std::size_t unfinished_bytes = 0;  // since the last callback
    std::optional<Error> error;
};

// expat goes on to call back for what it has read already. No exception may pass through its C.
template <typename Take>
void XmlReader::State::call(void* user_data, Take take) noexcept {
    State& state = *static_cast<State*>(user_data);
    state.unfinished_bytes = 0;
    if (state.error) return;
    try {
        take(state);
    } catch (...) {
        // Nothing here throws but a lack of memory; the text is short enough to need none.
        state.error = Error{ErrorCode::kLimit, "out of memory"};
        XML_StopParser(state.parser.get(), XML_FALSE);
    }
}

void XmlReader::State::on_begin(void* user_data, const char* name, const char** /*attributes*/) {
    call(user_data, [&](State& state) { state.begin(name); });
}

void XmlReader::State::on_end(void* user_data, const char* /*name*/) {
    call(user_data, [](State& state) { state.end(); });
}

void XmlReader::State::on_text(void* user_data, const char* bytes, int size) {
    call(user_data, [&](State& state) { state.add_text({bytes, static_cast<std::size_t>(size)}); });
}

// Comments, processing instructions and all else that is passed over.
void XmlReader::State::on_other(void* user_data, const char* /*bytes*/, int /*size*/) {
    call(user_data, [](State&) {});
}

void XmlReader::State::on_entity(void* user_data, const char* name, int, const char*, int,
                                 const char*, const char*, const char*, const char*) {
    call(user_data, [&](State& state) {
        state.stop(ErrorCode::kInvalid, fmt::format("entity '{}' is declared", name));
    });
}

void XmlReader::State::on_skipped(void* user_data, const char* name, int) {
    call(user_data, [&](State& state) {
        state.stop(ErrorCode::kInvalid, fmt::format("unknown entity '{}'", name));
    });
}

void XmlReader::State::stop(ErrorCode code, std::string_view reason) {
    error = Error{code, fmt::format("line {}: {}", XML_GetCurrentLineNumber(parser.get()), reason)};
    XML_StopParser(parser.get(), XML_FALSE);
}

bool XmlReader::State::expect_no_text() {
    const std::string_view found = trimmed(text);
    if (found.empty()) return true;
    stop(ErrorCode::kInvalid, fmt::format("expected element but found text '{}'", found));
    return false;
}

void XmlReader::State::begin(std::string_view name) {
    if (!expect_no_text()) return;
    text.clear();
    if (++depth > kXmlDepthMax) {
        stop(ErrorCode::kLimit, fmt::format("more than {} elements within another", kXmlDepthMax));
        return;
    }
    has_children = false;
    stop_unless(handler.begin_element(name));
}

void XmlReader::State::end() {
    if (has_children && !expect_no_text()) return;
    --depth;
    stop_unless(handler.end_element(trimmed(text)));
    text.clear();
    has_children = true;
}

void XmlReader::State::add_text(std::string_view bytes) {
    if (text.empty()) bytes.remove_prefix(std::min(bytes.find_first_not_of(kBlanks), bytes.size()));
    if (text.size() + bytes.size() > kXmlTextBytesMax) {
        stop(ErrorCode::kLimit, fmt::format("a text of more than {} bytes", kXmlTextBytesMax));
        return;
    }
    text += bytes;
}

// expat keeps what has no end yet, and reads it from its beginning with every part.
Result<void> XmlReader::State::parse(std::string_view bytes, bool is_last) {
    unfinished_bytes += bytes.size();
    const auto status = XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()),
                                  is_last ? XML_TRUE : XML_FALSE);
    if (status == XML_STATUS_OK && unfinished_bytes > kXmlPieceBytesMax) {
        stop(ErrorCode::kLimit,
             fmt::format("a tag or comment of more than {} bytes", kXmlPieceBytesMax));
    }
    if (error) return std::unexpected(*error);
    if (status == XML_STATUS_OK) return {};
    const auto reason = XML_GetErrorCode(parser.get());
    return fail(reason == XML_ERROR_NO_MEMORY ? ErrorCode::kLimit : ErrorCode::kInvalid,
                fmt::format("error reading/parsing XML: line {}: {}",
                            XML_GetCurrentLineNumber(parser.get()), XML_ErrorString(reason)));
}

XmlReader::XmlReader(XmlHandler& handler) : state_(std::make_unique<State>(handler)) {}

XmlReader::~XmlReader() = default;

Result<void> XmlReader::feed(std::string_view bytes) {
    constexpr std::size_t kPartBytesMax = 64UL << 10;
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, kPartBytesMax);
        if (auto parsed = state_->parse(part, false); !parsed) return parsed;
        bytes.remove_prefix(part.size());
    }
    return {};
}

Result<void> XmlReader::finish() {
    return state_->parse({}, true);
}

}  // namespace kurabe::store

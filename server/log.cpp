// Writes a log line as one write(2), so that lines of several threads never mix.
#include "server/log.hpp"

#include <cerrno>
#include <chrono>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

struct LevelText {
    std::string_view name;
    // The journal takes it off and files the line under that priority of syslog(3).
    std::string_view priority;
};

LevelText text_of_level(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::kDebug:
            return {"debug", "<7>"};
        case LogLevel::kInfo:
            return {"info", "<6>"};
        case LogLevel::kWarning:
            return {"warning", "<4>"};
        case LogLevel::kError:
            break;
    }
    return {"error", "<3>"};
}

// C1 controls (U+0080 to U+009F) steer terminals as the ASCII ones do.
bool is_control(std::string_view character) noexcept {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

void append_escaped_byte(std::string& line, char byte) {
    switch (byte) {
        case '\n':
            line += "\\n";
            return;
        case '\r':
            line += "\\r";
            return;
        case '\t':
            line += "\\t";
            return;
        default:
            break;
    }
    fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(byte));
}

// `text` cut to kLogTextBytesMax; what is not a printable character becomes "\xNN", and so do
// quotes and backslashes become "\"" and "\\" when the text is to stand between quotes.
void append_escaped(std::string& line, std::string_view text, bool quoted) {
    std::string_view rest = store::utf8_prefix(text, kLogTextBytesMax);
    const bool cut = rest.size() < text.size();
    while (!rest.empty()) {
        const std::size_t length = store::utf8_length(rest);
        const std::string_view character = rest.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_control(character)) {
            for (const char byte : character) append_escaped_byte(line, byte);
        } else {
            if (quoted && (character == "\"" || character == "\\")) line += '\\';
            line += character;
        }
        rest.remove_prefix(character.size());
    }
    if (cut) line += "...";
}

// A value stands bare when nothing in it could be taken for another field.
bool stands_bare(std::string_view value) noexcept {
    for (const char byte : value) {
        if (byte <= ' ' || byte > '~' || byte == '"' || byte == '=' || byte == '\\') return false;
    }
    return !value.empty();
}

void append_field(std::string& line, const LogField& field) {
    line += ' ';
    line += field.key;
    line += '=';
    const bool quoted = !stands_bare(field.value);
    if (quoted) line += '"';
    append_escaped(line, field.value, quoted);
    if (quoted) line += '"';
}

// Nobody is left to tell when the log itself cannot be written.
void write_all(int descriptor, std::string_view line) noexcept {
    while (!line.empty()) {
        const ssize_t written = ::write(descriptor, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Log::Log(int descriptor, LogLevel lowest, LogReader reader) noexcept
    : descriptor_(descriptor), lowest_(lowest), reader_(reader) {}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    if (level < lowest_) return;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const LevelText text = text_of_level(level);
    std::string line =
        fmt::format("{}{:%Y-%m-%dT%H:%M:%SZ} {} ",
                    reader_ == LogReader::kJournal ? text.priority : std::string_view(),
                    fmt::gmtime(now), text.name);
    append_escaped(line, message, false);
    for (const LogField& field : fields) append_field(line, field);
    line += '\n';
    const std::lock_guard lock(mutex_);
    write_all(descriptor_, line);
}

void Log::info(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::kInfo, message, fields);
}

void Log::warning(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::kWarning, message, fields);
}

void Log::error(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::kError, message, fields);
}

}  // namespace kurabe::server

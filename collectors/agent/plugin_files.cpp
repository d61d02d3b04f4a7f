// TOML -> commands.
#include "collectors/agent/plugin_files.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "collectors/host_port.hpp"
#include "collectors/trusted_file.hpp"
#include "store/file.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors::agent {
namespace {

namespace fs = std::filesystem;

class Reader {
  public:
    void read(const fs::path& directory);
    [[nodiscard]] PluginFiles take() { return std::move(files_); }

  private:
    void read_file(const fs::path& file);
    void add(const fs::path& file, std::string_view name, const toml::node& node);
    void complain(const fs::path& path, std::string_view reason) {
        files_.complaints.push_back(fmt::format("{}: {}", path.string(), reason));
    }

    PluginFiles files_;
};

std::vector<fs::path> toml_files(const fs::path& directory, std::error_code& error) {
    std::vector<fs::path> files;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        if (entries->path().extension() == ".toml") files.push_back(entries->path());
    }
    std::ranges::sort(files);
    return files;
}

Result<std::string> read_text(const store::File& file) {
    std::string text(kPluginFileBytesMax + 1, '\0');
    const auto got = file.read(std::as_writable_bytes(std::span(text)), 0);
    if (!got) return std::unexpected(got.error());
    if (*got > kPluginFileBytesMax) {
        return fail(ErrorCode::kLimit, fmt::format("over {} bytes", kPluginFileBytesMax));
    }
    text.resize(*got);
    return text;
}

std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](char c) { return c >= 0 && c < 0x20; }, ' ');
    return line;
}

// Kurado's agent takes names as they are, "[plugin.metrics.http:8080]"; TOML wants such in quotes.
std::string with_quoted_names(std::string_view text) {
    constexpr std::string_view kTable = "[plugin.metrics.";
    constexpr std::string_view kQuotes = "\"'\\";
    std::string quoted;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t close = line.find(']');
        if (line.starts_with(kTable) && close != std::string_view::npos) {
            const std::string_view name = line.substr(kTable.size(), close - kTable.size());
            if (!consists_of(name, "_-.") && name.find_first_of(kQuotes) == name.npos) {
                quoted += fmt::format("{}\"{}\"", kTable, name);
                line.remove_prefix(close);
            }
        }
        quoted += line;
        quoted += '\n';
    }
    return quoted;
}

// Throws toml::parse_error.
toml::table parse(const std::string& text) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error&) {
        return toml::parse(with_quoted_names(text));
    }
}

void Reader::read(const fs::path& directory) {
    std::error_code error;
    const auto files = toml_files(directory, error);
    if (error) return complain(directory, error.message());
    for (const fs::path& file : files | std::views::take(kPluginFilesMax)) read_file(file);
    if (files.size() > kPluginFilesMax) {
        complain(directory,
                 fmt::format("more than {} files, the others left out", kPluginFilesMax));
    }
}

void Reader::read_file(const fs::path& path) {
    const auto file = store::File::open_following(path, store::File::Access::kRead);
    if (!file) return complain(path, std::generic_category().message(file.error()));
    // Its commands would run as this user.
    if (const auto trusted = check_trusted_file(fs::absolute(path)); !trusted) {
        files_.complaints.push_back(trusted.error().message);
        return;
    }
    const auto text = read_text(*file);
    if (!text) return complain(path, text.error().message);
    try {
        const toml::table document = parse(*text);
        const auto plugins = document["plugin"]["metrics"];
        if (plugins.as_table() == nullptr) return;
        for (const auto& [name, node] : *plugins.as_table()) add(path, name.str(), node);
    } catch (const toml::parse_error& error) {
        complain(path, fmt::format("line {}: {}", error.source().begin.line,
                                   one_line(error.description())));
    }
}

void Reader::add(const fs::path& file, std::string_view name, const toml::node& node) {
    const auto wrong = [&](std::string_view reason) {
        complain(file, fmt::format("plugin.metrics.{}: {}", one_line(name), reason));
    };
    if (files_.plugins.size() >= kPluginsMax) return wrong("too many plugins");
    if (const auto checked = store::check_plugin(name); !checked) {
        return wrong(checked.error().message);
    }
    const toml::table* const table = node.as_table();
    const auto command = table == nullptr ? std::nullopt : (*table)["command"].value<std::string>();
    if (!command || command->empty()) return wrong("needs command = \"...\"");
    if (command->size() > kCommandBytesMax || command->find('\0') != std::string::npos) {
        return wrong("the command is too long or holds a NUL");
    }
    if (std::ranges::find(files_.plugins, name, &Plugin::name) != files_.plugins.end()) {
        return wrong("stands in another file, too; that one counts");
    }
    files_.plugins.push_back({std::string(name), *command});
}

}  // namespace

PluginFiles read_plugin_files(const fs::path& directory) {
    Reader reader;
    reader.read(directory);
    return reader.take();
}

}  // namespace kurabe::collectors::agent

// Reads the sources as text and holds them to the rules of structure: which folder may include
// which, that each foreign library is included by one file only, and that nothing is left behind.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct SourceFile {
    std::string path;    // from the repository root
    std::string folder;  // first part of the path
    std::vector<std::string> lines;
};

std::vector<SourceFile> read_tree(const std::vector<std::string>& folders) {
    const fs::path root = KURABE_SOURCE_DIR;
    std::vector<SourceFile> files;
    for (const std::string& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") {
                continue;
            }
            SourceFile file{fs::relative(entry.path(), root).string(), folder, {}};
            std::ifstream stream(entry.path());
            for (std::string line; std::getline(stream, line);) {
                file.lines.push_back(line);
            }
            files.push_back(std::move(file));
        }
    }
    return files;
}

struct Include {
    std::string target;
    bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> includes;
    for (const std::string& line : file.lines) {
        std::smatch match;
        if (std::regex_search(line, match, pattern)) {
            includes.push_back({match[2], match[1] == "\""});
        }
    }
    return includes;
}

const std::vector<std::string> kProductFolders = {"store", "render", "collectors", "server", "cli"};

// store <- render <- server, store <- collectors <- server, cli on top.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"store", {"store"}},
    {"render", {"render", "store"}},
    {"collectors", {"collectors", "store"}},
    {"server", {"server", "render", "collectors", "store"}},
    {"cli", {"cli", "server", "render", "collectors", "store"}},
};

// Of a library that one file alone cannot wrap, `handles` is the only file that includes it, and
// only the sources `users` include that.
struct ForeignLibrary {
    std::string name;
    std::regex header;
    std::string handles = "";
    std::set<std::string> users = {};
    std::size_t wrappers = 1;  // more where folders need different functions of it
};

std::vector<ForeignLibrary> foreign_libraries() {
    return {
        {"Boost.Interprocess", std::regex("^boost/interprocess/.*")},
        {"cairo",
         std::regex("^cairo.*"),
         "render/cairo_handles.hpp",
         {"render/cairo_painter.cpp", "render/cairo_paths.cpp", "render/color_images.cpp",
          "render/fonts.cpp", "render/painted_surface.cpp", "render/vector_writer.cpp"}},
        {"Pango", std::regex("^(pango/|fontconfig/|harfbuzz/).*")},
        {.name = "GLib", .header = std::regex("^glib.*")},
        {"libpng", std::regex("^png\\.h$")},
        {"ISA-L's Adler-32", std::regex("^isa-l/igzip.*")},
        {.name = "ISA-L's checksums", .header = std::regex("^isa-l/crc.*"), .wrappers = 2},
        {.name = "zlib", .header = std::regex("^zlib\\.h$"), .wrappers = 2},
        {"expat", std::regex("^expat\\.h$")},
        {"date", std::regex("^date/.*")},
        {"yaml-cpp", std::regex("^yaml-cpp/.*")},
        {"SQLite",
         std::regex("^sqlite3\\.h$"),
         "server/sqlite_handles.hpp",
         {"server/event_log.cpp", "server/metadata.cpp", "server/sqlite_handles.cpp"}},
        {.name = "Poco", .header = std::regex("^Poco/.*"), .wrappers = 2},
        {"libsystemd", std::regex("^systemd/.*")},
        {.name = "OpenSSL", .header = std::regex("^openssl/.*"), .wrappers = 2},
        {"libcrypt", std::regex("^crypt\\.h$")},
        {.name = "nlohmann-json", .header = std::regex("^nlohmann/.*"), .wrappers = 6},
        {"RE2", std::regex("^re2/.*")},
        {"toml++", std::regex("^toml\\+\\+/.*")},
        {"libcurl",
         std::regex("^curl/.*"),
         "collectors/fetch/curl_handles.hpp",
         {"collectors/fetch/curl_handles.cpp", "collectors/fetch/http_transfers.cpp",
          "collectors/fetch/timed_transfer.hpp"},
         2},
        {"c-ares", std::regex("^ares.*\\.h$")},
        {"libmariadb", std::regex("^(mysql|mariadb).*\\.h$")},
        {.name = "CLI11", .header = std::regex("^CLI/.*"), .wrappers = 2},
        {"net-snmp",
         std::regex("^net-snmp/.*"),
         "collectors/snmp/handles.hpp",
         {"collectors/snmp/library.cpp", "collectors/snmp/pdu.hpp", "collectors/snmp/protocols.cpp",
          "collectors/snmp/session.cpp", "collectors/snmp/session_access.hpp"}},
        {"libssh",
         std::regex("^libssh/.*"),
         "collectors/ssh/handles.hpp",
         {"collectors/ssh/conversation.cpp", "collectors/ssh/failure.cpp",
          "collectors/ssh/host_key.cpp", "collectors/ssh/identity.cpp",
          "collectors/ssh/session.cpp"}},
    };
}

TEST(IncludeDirection, FoldersIncludeOnlyWhatIsBelowThem) {
    for (const SourceFile& file : read_tree(kProductFolders)) {
        for (const Include& include : includes_of(file)) {
            if (!include.quoted) {
                continue;
            }
            const std::string folder = include.target.substr(0, include.target.find('/'));
            const bool generated = include.target.find('/') == std::string::npos;
            EXPECT_TRUE(generated || kMayInclude.at(file.folder).contains(folder))
                << file.path << " includes " << include.target;
        }
    }
}

// So that a header that lacks an include does not compile; the build verifies those without a
// source of their own.
TEST(IncludeDirection, SourcesBeginWithTheirOwnHeader) {
    const auto files = read_tree(kProductFolders);
    std::set<std::string> paths;
    for (const SourceFile& file : files) paths.insert(file.path);
    for (const SourceFile& file : files) {
        if (!file.path.ends_with(".cpp")) continue;
        const std::string header = file.path.substr(0, file.path.size() - 3) + "hpp";
        const auto includes = includes_of(file);
        if (!paths.contains(header)) continue;
        ASSERT_FALSE(includes.empty()) << file.path;
        EXPECT_EQ(includes.front().target, header) << file.path;
    }
}

// The files with an include of that kind.
std::set<std::string> including(const std::vector<SourceFile>& files, const std::regex& header) {
    std::set<std::string> paths;
    for (const SourceFile& file : files) {
        for (const Include& include : includes_of(file)) {
            if (std::regex_match(include.target, header)) paths.insert(file.path);
        }
    }
    return paths;
}

TEST(IncludeDirection, ForeignLibrariesAreIncludedByOneSourceFileEach) {
    const std::vector<SourceFile> files = read_tree(kProductFolders);
    for (const ForeignLibrary& library : foreign_libraries()) {
        const std::set<std::string> paths = including(files, library.header);
        EXPECT_LE(paths.size(), library.wrappers)
            << library.name << " is included by " << ::testing::PrintToString(paths);
        for (const std::string& path : paths) {
            EXPECT_TRUE(path.ends_with(".cpp") || path == library.handles)
                << library.name << " leaks through " << path;
        }
        if (library.handles.empty()) continue;
        EXPECT_EQ(including(files, std::regex(library.handles)), library.users) << library.name;
    }
}

TEST(Sources, BeginWithTheirPurpose) {
    for (const SourceFile& file : read_tree(kProductFolders)) {
        ASSERT_FALSE(file.lines.empty()) << file.path;
        EXPECT_TRUE(file.lines.front().starts_with("// ")) << file.path;
    }
}

TEST(Sources, StayReadable) {
    for (const SourceFile& file :
         read_tree({"store", "render", "collectors", "server", "cli", "bench", "tests"})) {
        EXPECT_LE(file.lines.size(), 600u) << file.path << ": look for the second idea inside";
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string& line = file.lines[i];
            const auto characters = std::ranges::count_if(
                line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
            EXPECT_LE(characters, 100) << file.path << ':' << i + 1;
        }
    }
}

TEST(Sources, HoldNoMarksMeantToGo) {
    // Written in two parts so that this file does not find itself.
    const std::regex mark(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X)\\b");
    for (const SourceFile& file :
         read_tree({"store", "render", "collectors", "server", "cli", "bench", "tests"})) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            EXPECT_FALSE(std::regex_search(file.lines[i], mark)) << file.path << ':' << i + 1;
        }
    }
}

TEST(Sources, CallNoShell) {
    const std::regex shell(R"((^|[^_\w.:>])(system|popen)\s*\(\s*[^)\s])");
    for (const SourceFile& file : read_tree(kProductFolders)) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            EXPECT_FALSE(std::regex_search(file.lines[i], shell)) << file.path << ':' << i + 1;
        }
    }
}

}  // namespace

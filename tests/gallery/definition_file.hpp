// Graph definitions as text files, one for each picture of the gallery:
//
//     # Munin 2.0, plugin load: the lines before the first word say whose it is.
//     --title Load average - by day
//     --slope-mode
//     DEF:gload=munin/load.rrd:42:AVERAGE
//
// Each line is one word of the command line, blanks and all, with nothing quoted; but an option
// that begins with "-" has its argument behind the first blank. Files are named as in archives.txt.
// "differs: KEY..." names what rrdtool's picture has otherwise, and "because: TEXT" why: so begins
// a row of docs/rrdtool-differences.md. "waits-for: TEXT" stands in a definition that cannot be
// drawn yet: its error names TEXT.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kurabe::tests {

struct DefinitionFile {
    std::string origin;  // its folder: whose command lines these are
    std::string name;
    std::string comment;
    std::string waits_for;             // empty: it is drawn
    std::vector<std::string> differs;  // keys of graphv, or how they begin
    std::string because;               // why they do
    std::vector<std::string> words;    // options, then elements

    [[nodiscard]] std::string path() const { return origin + "/" + name; }
    // "PNG" unless --imgformat or -a says otherwise.
    [[nodiscard]] std::string format() const;
};

// All files ORIGIN/NAME.txt below `folder`, sorted. Throws std::runtime_error for one without
// words.
[[nodiscard]] std::vector<DefinitionFile> read_definitions(const std::filesystem::path& folder);

}  // namespace kurabe::tests

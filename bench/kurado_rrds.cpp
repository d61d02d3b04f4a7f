// rrd_create_r.
#include "bench/kurado_rrds.hpp"

#include <rrd.h>

#include "bench/measuring.hpp"

namespace kurabe::bench {

std::vector<std::string> create_kurado_rrds(const std::filesystem::path& directory,
                                            std::size_t files, std::int64_t start) {
    std::filesystem::create_directories(directory);
    std::vector<std::string> arguments{"DS:n:DERIVE:120:U:U"};
    for (const char* cf : {"AVERAGE", "MIN", "MAX"}) {
        for (const char* shape : {"1:2880", "5:2880", "60:960", "1440:1100"}) {
            arguments.push_back(std::string("RRA:") + cf + ":0.5:" + shape);
        }
    }
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < files; ++i) {
        paths.push_back((directory / (std::to_string(i) + ".rrd")).string());
        if (rrd_create_r(paths.back().c_str(), 60, start, static_cast<int>(pointers.size()),
                         pointers.data()) != 0) {
            stop(rrd_get_error());
        }
    }
    return paths;
}

}  // namespace kurabe::bench

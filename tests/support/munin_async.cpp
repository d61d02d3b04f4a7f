// Perl's time() and sleep() are replaced before munin-asyncd is compiled.
#include "tests/support/munin_async.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kDaemon = "/usr/share/munin/munin-asyncd";
constexpr const char* kReader = "/usr/share/munin/munin-async";
constexpr const char* kPerl = "/usr/bin/perl";
constexpr std::chrono::seconds kAsyncPatience{180};
// Files of the directory: `until` is what the test allows, `next` where the clock stands still.
constexpr const char* kStart = R"(
    our ($now, $directory, $program);
    BEGIN {
        ($now, $directory, $program) = splice(@ARGV, 0, 3);
        *CORE::GLOBAL::time = sub () { return $now; };
        *CORE::GLOBAL::sleep = sub {
            my $end = $now + $_[0];
            while (1) {
                open(my $allowed, '<', "$directory/until") or die $!;
                last if $end < <$allowed>;
                open(my $told, '>', "$directory/next.new") or die $!;
                print $told $end;
                close($told);
                rename("$directory/next.new", "$directory/next") or die $!;
                select(undef, undef, undef, 0.01);
            }
            $now = $end;
        };
    }
    do $program;
    die $@ if $@;
)";

std::string text_of(MuninAsync::Time time) {
    return std::to_string(time.time_since_epoch().count());
}

}  // namespace

bool MuninAsync::is_installed() {
    return ::access(kDaemon, R_OK) == 0 && ::access(kReader, X_OK) == 0;
}

MuninAsync::MuninAsync(int node_port, Time begin) : spool_(directory_.path() / "spool") {
    std::filesystem::create_directories(spool_);
    directory_.write("until", "0");
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        kPerl, "-e", kStart, text_of(begin), directory_.path().string(), kDaemon, "--spooldir",
        spool_.string(), "--host", "127.0.0.1:" + std::to_string(node_port)});
}

void MuninAsync::run_until(Time end) {
    directory_.write("until.new", text_of(end));
    std::filesystem::rename(directory_.path() / "until.new", directory_.path() / "until");
    const auto has_come = [&] {
        return std::atoll(read_file(directory_.path() / "next").c_str()) >=
               end.time_since_epoch().count();
    };
    const bool goes_on =
        wait_for([&] { return has_come() || !process_->running(); }, kAsyncPatience) && has_come();
    if (goes_on) return;
    throw std::runtime_error("munin-asyncd does not go on: " + process_->err());
}

std::string MuninAsync::command() const {
    return std::string(kReader) + " --spoolfetch --spooldir " + spool_.string();
}

std::map<MuninAsync::Time, std::string> MuninAsync::values(const std::string& service,
                                                           const std::string& field) const {
    std::map<Time, std::string> values;
    for (const auto& entry : std::filesystem::directory_iterator(spool_)) {
        if (!entry.path().filename().string().starts_with("munin-daemon." + service + '.'))
            continue;
        std::ifstream file(entry.path());
        Time time{};
        const std::string value = field + ".value ";
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("timestamp ")) {
                time = Time{std::chrono::seconds{std::atoll(line.c_str() + 10)}};
            } else if (line.starts_with(value)) {
                values[time] = line.substr(value.size());
            }
        }
    }
    return values;
}

}  // namespace kurabe::tests

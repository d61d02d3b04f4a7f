// munin-node finds its plugins below a directory that only its library names.
#include "tests/support/munin_node.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "tests/support/loopback.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kNodeProgram = "/usr/sbin/munin-node";
constexpr const char* kNodePerl = "/usr/bin/perl";
constexpr const char* kNodeStart = R"(
    use Munin::Common::Defaults;
    $Munin::Common::Defaults::MUNIN_CONFDIR = shift;
    $Munin::Common::Defaults::MUNIN_PLUGSTATE = "$Munin::Common::Defaults::MUNIN_CONFDIR/state";
    @ARGV = ("--foreground");
    do "/usr/sbin/munin-node";
    die $@ if $@;
    exit main();
)";

}  // namespace

bool MuninNode::can_run() {
    return ::access(kNodeProgram, X_OK) == 0 && ::geteuid() == 0;
}

MuninNode::MuninNode() : port_(free_port()) {
    const std::string directory = directory_.path().string();
    directory_.write("munin-node.conf",
                     "log_level 4\nlog_file " + directory + "/log\npid_file " + directory +
                         "/pid\nbackground 0\nsetsid 0\nuser root\ngroup root\nhost_name test\n"
                         "allow ^127\\.0\\.0\\.1$\nhost 127.0.0.1\ntimeout 1\nport " +
                         std::to_string(port_) + "\n");
    directory_.write("plugin-conf.d/all", "[*]\nuser root\n");
    std::filesystem::create_directories(directory_.path() / "plugins");
    std::filesystem::create_directories(directory_.path() / "state");
}

void MuninNode::add_plugin(const std::string& name, const std::string& script) const {
    const auto file = directory_.write("plugins/" + name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(file, std::filesystem::perms{0755});
}

void MuninNode::start() {
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{kNodePerl, "-e", kNodeStart, directory_.path().string()});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!listens(port_)) {
        if (std::chrono::steady_clock::now() > deadline || !process_->running()) {
            throw std::runtime_error("munin-node does not start: " + process_->err());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

}  // namespace kurabe::tests

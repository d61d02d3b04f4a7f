// A directory tree in place of a host's / for collectors to read.
#include "tests/collectors/host_tree.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace kurabe::collectors::test {
namespace {

// In the order of the fields that `ip link` and /proc/net/dev draw on.
void write_interface(const HostTree& tree, const std::string& name, std::string_view flags,
                     std::string_view index, std::string_view link) {
    const std::string directory = "/sys/class/net/" + name;
    tree.write(directory + "/flags", std::string(flags) + "\n");
    tree.write(directory + "/ifindex", std::string(index) + "\n");
    tree.write(directory + "/iflink", std::string(link) + "\n");
}

void write_system(const HostTree& tree) {
    tree.write("/proc/meminfo",
               "MemTotal:        2030696 kB\nMemFree:          181324 kB\n"
               "MemAvailable:    1333440 kB\nBuffers:          112920 kB\n"
               "Cached:          1107868 kB\nSwapCached:            4 kB\n"
               "SwapTotal:        998396 kB\nSwapFree:         990204 kB\n"
               "HugePages_Total:       0\nHugepagesize:       2048 kB\n");
    tree.write("/proc/loadavg", "0.42 1.05 12.10 2/345 6789\n");
    tree.write("/proc/uptime", "1209612.37 2398712.02\n");
    tree.write("/proc/version", "Linux version 6.1.0-13-amd64 (debian@lists) #1 SMP Debian\n");
    tree.write("/proc/cpuinfo",
               "processor\t: 0\nmodel name\t: Some CPU with 2 processor : cores\nflags\t\t: fpu\n\n"
               "processor\t: 1\nmodel name\t: Some CPU\n\n");
    tree.write("/proc/stat",
               "cpu  2255847 2290 645320 238563251 124130 7 12345 678 9 10\n"
               "cpu0 1127923 1145 322660 119281625 62065 3 6172 339 4 5\nctxt 1\n");
}

void write_network(const HostTree& tree) {
    tree.write("/proc/net/snmp",
               "Ip: Forwarding DefaultTTL\nIp: 1 64\n"
               "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails "
               "EstabResets CurrEstab InSegs\n"
               "Tcp: 1 200 120000 -1 12 34 5 6 78 90\n");
    // eth1's counter touches its colon, as on old kernels.
    tree.write("/proc/net/dev",
               "Inter-|   Receive                            |  Transmit\n"
               " face |bytes    packets errs drop fifo frame compressed multicast|bytes packets\n"
               "    lo:    1070      18 0 0 0 0 0 0     1070      18 0 0 0 0 0 0\n"
               "  eth0: 106294492 1273803 0 0 0 0 0 552 18446744073709551615 9 0 0 0 0 0 0\n"
               "  eth1:4160492551700 42518 0 14 0 14 0 32 612845800274320 58 0 0 0 0 0 0\n"
               "eth1.66:31640796 41 0 0 0 0 0 14 588482 28 0 0 0 0 0 0\n"
               "docker0:    5000 5 0 0 0 0 0 0     6000 6 0 0 0 0 0 0\n"
               "veth3f2a:   7000 7 0 0 0 0 0 0     8000 8 0 0 0 0 0 0\n"
               "br-1a2b: 9000 9 0 0 0 0 0 0 9000 9 0 0 0 0 0 0\n"
               "  eth2:       0       0 0 0 0 0 0 0        0       0 0 0 0 0 0 0\n");
    write_interface(tree, "lo", "0x9", "1", "1");
    write_interface(tree, "eth0", "0x1003", "2", "2");
    write_interface(tree, "eth1", "0x1003", "3", "3");
    write_interface(tree, "eth1.66", "0x1003", "4", "3");
    write_interface(tree, "docker0", "0x1003", "5", "5");
    write_interface(tree, "veth3f2a", "0x1003", "7", "6");
    write_interface(tree, "br-1a2b", "0x1003", "8", "8");
    write_interface(tree, "eth2", "0x1002", "9", "9");  // not switched on
}

void write_disks(const HostTree& tree) {
    tree.write("/proc/mounts",
               "proc /proc proc rw 0 0\n"
               "/dev/mapper/vg0-root / ext4 rw,relatime 0 0\n"
               "tmpfs /run tmpfs rw 0 0\n"
               "/dev/sda1 /boot ext2 rw 0 0\n"
               "/dev/sdb1 /srv/big\\040disk\\134a ext4 rw 0 0\n"
               "/dev/mapper/vg0-root /var/lib/docker ext4 rw 0 0\n"
               "/dev/fuse /run/user/1000/doc fuse.portal rw 0 0\n"
               "nas:/export /mnt/nas nfs4 rw 0 0\n"
               "//server/share /mnt/share cifs rw 0 0\n");
    tree.write("/sys/block/sda/stat", "  2231 120  90210 800 5510 600 120344 9000 0 100 200\n");
    tree.write("/sys/block/sdb/stat", "1 2 3 4 0 6 7 8 0 0 0 0 0 0 0 0 0\n");
    tree.write("/sys/block/dm-0/stat", "301 0 2408 100 402 0 3216 200 0 0 0\n");
    tree.write("/sys/block/dm-0/dm/name", "vg0-root\n");
    tree.write("/sys/block/dm-1/stat", "11 0 88 1 22 0 176 2 0 0 0\n");
    tree.write("/sys/block/dm-1/dm/name", "vg0-swap.1\n");
    tree.write("/sys/block/cciss!c0d0/stat", "5 0 6 0 7 0 8 0 0 0 0\n");
    tree.write("/sys/block/loop0/stat", "9 0 9 0 9 0 9 0 0 0 0\n");
    tree.write("/sys/block/ram1/stat", "9 0 9 0 9 0 9 0 0 0 0\n");
    tree.write("/sys/block/sr0/stat", "0 0 0 0 0 0 0 0 0 0 0\n");
    tree.write("/proc/swaps",
               "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n"
               "/dev/dm-1                               partition\t998396\t8192\t-2\n"
               "/dev/sdb2                               partition\t998396\t0\t-3\n"
               "/swapfile                               file\t\t998396\t0\t-4\n");
}

}  // namespace

HostTree::HostTree() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kurabe-host-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "cannot make " << pattern;
    root_ = pattern;
}

HostTree::~HostTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

std::filesystem::path HostTree::locate(std::string_view path) const {
    return root_ / std::filesystem::path(path).relative_path();
}

void HostTree::write(std::string_view path, std::string_view text) const {
    const std::filesystem::path file = locate(path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
}

void HostTree::remove(std::string_view path) const {
    std::filesystem::remove_all(locate(path));
}

void write_debian(const HostTree& tree) {
    write_system(tree);
    write_network(tree);
    write_disks(tree);
}

}  // namespace kurabe::collectors::test

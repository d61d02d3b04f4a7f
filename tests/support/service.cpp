// Configurations of servers, as small as they can be.
#include "tests/support/service.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/support/loopback.hpp"
#include "tests/support/nginx.hpp"

namespace kurabe::tests {
namespace {

constexpr std::chrono::seconds kServicePatience{60};
constexpr int kServiceAttempts = 5;  // another process may take the port first

constexpr const char* kOpenssl = "/usr/bin/openssl";

bool is_installed(const std::string& program) {
    return ::access(program.c_str(), X_OK) == 0;
}

std::vector<std::string> nginx_command(const TemporaryDirectory& directory,
                                       const std::string& servers) {
    const std::string path = directory.path();
    const auto file = directory.write("nginx.conf", nginx_configuration(path, servers));
    return {kNginx, "-c", file, "-e", path + "/early.log"};
}

}  // namespace

std::unique_ptr<Service> Service::start(const std::string& program, const Command& command) {
    if (!is_installed(program)) return nullptr;
    std::string said;
    for (int attempt = 0; attempt < kServiceAttempts; ++attempt) {
        std::unique_ptr<Service> service(new Service);
        service->port_ = free_port();
        auto words = command(service->directory_, service->port_);
        service->process_ = std::make_unique<ChildProcess>(words);
        if (service->listens_before_it_ends()) return service;
        said = service->process_->err() + service->process_->out();
    }
    throw std::runtime_error(program + " does not start: " + said);
}

Service::~Service() {
    if (!process_) return;
    process_->signal(SIGTERM);
    (void)process_->finish();
}

bool Service::listens_before_it_ends() const {
    const auto deadline = std::chrono::steady_clock::now() + kServicePatience;
    while (process_->running() && std::chrono::steady_clock::now() < deadline) {
        if (listens(port_)) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
}

std::unique_ptr<Service> start_apache() {
    constexpr const char* kProgram = "/usr/sbin/apache2";
    return Service::start(kProgram, [](const TemporaryDirectory& directory, int port) {
        const std::string path = directory.path();
        const auto file = directory.write(
            "apache.conf",
            fmt::format("ServerRoot {0}\nDefaultRuntimeDir {0}\nPidFile {0}/pid\n"
                        "ErrorLog {0}/log\nServerName localhost\nListen 127.0.0.1:{1}\n"
                        "User nobody\nGroup nogroup\nExtendedStatus On\n"
                        "StartServers 1\n"
                        "LoadModule mpm_event_module {2}/mod_mpm_event.so\n"
                        "LoadModule authz_core_module {2}/mod_authz_core.so\n"
                        "LoadModule status_module {2}/mod_status.so\n"
                        "<Location /server-status>\nSetHandler server-status\n</Location>\n",
                        path, port, "/usr/lib/apache2/modules"));
        return std::vector<std::string>{kProgram, "-f", file, "-D", "FOREGROUND"};
    });
}

std::unique_ptr<Service> start_nginx() {
    return Service::start(kNginx, [](const TemporaryDirectory& directory, int port) {
        return nginx_command(
            directory, fmt::format("server {{\nlisten 127.0.0.1:{};\nlocation = /nginx_status {{ "
                                   "stub_status; }}\n}}\n",
                                   port));
    });
}

std::unique_ptr<Service> start_tls_nginx() {
    if (!is_installed(kOpenssl)) return nullptr;
    return Service::start(kNginx, [](const TemporaryDirectory& directory, int port) {
        std::string servers;
        for (const auto& [name, days] :
             std::map<std::string, int>{{"localhost", 9}, {"www.example.org", 90}}) {
            const std::string file = directory.path() / name;
            const Finished made =
                run({kOpenssl, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-keyout", file + ".key", "-out",
                     file + ".crt", "-days", std::to_string(days), "-subj", "/CN=" + name});
            if (made.status != 0) throw std::runtime_error("openssl: " + made.err);
            servers += fmt::format(
                "server {{\nlisten 127.0.0.1:{} ssl;\nserver_name {};\nssl_certificate {}.crt;\n"
                "ssl_certificate_key {}.key;\nlocation / {{ return 200 hello; }}\n}}\n",
                port, name, file, file);
        }
        return nginx_command(directory, servers);
    });
}

std::unique_ptr<Service> start_dnsmasq() {
    constexpr const char* kProgram = "/usr/sbin/dnsmasq";
    return Service::start(kProgram, [](const TemporaryDirectory& directory, int port) {
        std::vector<std::string> words{kProgram,
                                       "--keep-in-foreground",
                                       "--conf-file=/dev/null",
                                       "--pid-file=" + (directory.path() / "pid").string(),
                                       "--port=" + std::to_string(port),
                                       "--listen-address=127.0.0.1",
                                       "--bind-interfaces",
                                       "--no-resolv",
                                       "--no-hosts",
                                       "--local=/example.org/",
                                       "--host-record=www.example.org,192.0.2.1",
                                       "--host-record=only6.example.org,2001:db8::1"};
        if (::geteuid() == 0) words.emplace_back("--user=root");
        return words;
    });
}

std::unique_ptr<Service> start_memcached() {
    constexpr const char* kProgram = "/usr/bin/memcached";
    return Service::start(kProgram, [](const TemporaryDirectory&, int port) {
        return std::vector<std::string>{
            kProgram, "-u", "nobody", "-l", "127.0.0.1", "-p", std::to_string(port), "-U", "0"};
    });
}

std::unique_ptr<Service> start_redis(const std::string& password) {
    constexpr const char* kProgram = "/usr/bin/redis-server";
    return Service::start(kProgram, [&password](const TemporaryDirectory& directory, int port) {
        return std::vector<std::string>{
            kProgram, "--port", std::to_string(port), "--bind",        "127.0.0.1", "--save",
            "",       "--dir",  directory.path(),     "--requirepass", password};
    });
}

std::unique_ptr<Service> start_squid() {
    constexpr const char* kProgram = "/usr/sbin/squid";
    return Service::start(kProgram, [](const TemporaryDirectory& directory, int port) {
        const auto file = directory.write(
            "squid.conf",
            fmt::format("http_port 127.0.0.1:{}\nhttp_access allow localhost manager\n"
                        "http_access deny all\naccess_log none\ncache_log /dev/null\n"
                        "pid_filename none\ncoredump_dir none\ncache deny all\npinger_enable off\n"
                        "shutdown_lifetime 1 seconds\nvisible_hostname localhost\n",
                        port));
        return std::vector<std::string>{kProgram, "-N", "-f", file};
    });
}

std::unique_ptr<Service> start_mariadb() {
    constexpr const char* kProgram = "/usr/sbin/mariadbd";
    return Service::start(kProgram, [](const TemporaryDirectory& directory, int port) {
        const std::string path = directory.path();
        std::vector<std::string> as_root;
        if (::geteuid() == 0) as_root.emplace_back("--user=root");
        std::vector<std::string> install{
            "/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + path + "/data",
            "--auth-root-authentication-method=normal", "--skip-test-db"};
        install.insert(install.end(), as_root.begin(), as_root.end());
        const Finished installed = run(install);
        if (installed.status != 0) {
            throw std::runtime_error("mariadb-install-db: " + installed.out + installed.err);
        }
        std::vector<std::string> words{kProgram,
                                       "--no-defaults",
                                       "--datadir=" + path + "/data",
                                       "--socket=" + path + "/socket",
                                       "--pid-file=" + path + "/pid",
                                       "--bind-address=127.0.0.1",
                                       "--skip-name-resolve",
                                       "--port=" + std::to_string(port)};
        words.insert(words.end(), as_root.begin(), as_root.end());
        return words;
    });
}

}  // namespace kurabe::tests

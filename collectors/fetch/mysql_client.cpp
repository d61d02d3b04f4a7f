// libmariadb's calls that do not block, so that every wait has an end that we choose: its own time
// limits count from one byte to the next.
#include "collectors/fetch/mysql_client.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <linux/tcp.h>
#include <mysql.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "collectors/printable.hpp"

namespace kurabe::collectors::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{100};  // for a stop
constexpr std::size_t kMessageBytesMax = 300;
constexpr unsigned kParseError = 1064;
constexpr unsigned kSyntaxError = 1149;
// Without the library's plugin that sends the password as it is to whoever asks for it.
constexpr const char* kAuthentication =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519";

struct Close {
    void operator()(MYSQL* mysql) const noexcept { mysql_close(mysql); }
};
struct FreeResult {
    void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
};

std::size_t bytes_received(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
    return info.tcpi_bytes_received;
}

class Session {
  public:
    Session(Clock::time_point deadline, const std::stop_token& stop)
        : deadline_(deadline), stop_(stop) {}

    [[nodiscard]] Result<void> connect(const MysqlLogin& login) {
        mysql_.reset(mysql_init(nullptr));
        if (!mysql_) return fail(ErrorCode::kSystem, "cannot set up a connection");
        set_up();
        MYSQL* connected = nullptr;
        int status = mysql_real_connect_start(&connected, mysql_.get(), login.address.c_str(),
                                              login.user.c_str(), login.password.c_str(), nullptr,
                                              login.port, nullptr, 0);
        while (status != 0) {
            status = mysql_real_connect_cont(&connected, mysql_.get(), wait(status));
        }
        return connected == nullptr ? failed() : Result<void>{};
    }

    // The error is the server's, with its number in last_error().
    [[nodiscard]] Result<Answer> query(const std::string& text) {
        int error = 0;
        int status = mysql_real_query_start(&error, mysql_.get(), text.c_str(), text.size());
        while (status != 0) status = mysql_real_query_cont(&error, mysql_.get(), wait(status));
        if (error != 0) return std::unexpected(failed().error());
        MYSQL_RES* stored = nullptr;
        status = mysql_store_result_start(&stored, mysql_.get());
        while (status != 0) status = mysql_store_result_cont(&stored, mysql_.get(), wait(status));
        const std::unique_ptr<MYSQL_RES, FreeResult> result(stored);
        if (!result && mysql_errno(mysql_.get()) != 0) return std::unexpected(failed().error());
        return result ? answer_of(*result) : Answer{};
    }

    [[nodiscard]] unsigned last_error() const { return mysql_errno(mysql_.get()); }
    [[nodiscard]] bool is_lost() const noexcept { return lost_.has_value(); }

  private:
    void set_up() {
        const unsigned off = 0;
        const unsigned long packet = kAnswerBytesMax;
        mysql_options(mysql_.get(), MYSQL_OPT_NONBLOCK, nullptr);
        // A server may ask for any file of the client's, and would get it.
        mysql_options(mysql_.get(), MYSQL_OPT_LOCAL_INFILE, &off);
        mysql_options(mysql_.get(), MARIADB_OPT_RESTRICTED_AUTH, kAuthentication);
        mysql_options(mysql_.get(), MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
        mysql_options(mysql_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    }

    // Until the socket is as the library wants it. A time limit makes whatever it does fail.
    [[nodiscard]] int wait(int wanted) {
        const int socket = static_cast<int>(mysql_get_socket(mysql_.get()));
        while (!lost_) {
            lost_ = loss(socket);
            if (lost_) break;
            pollfd descriptor{.fd = socket, .events = 0, .revents = 0};
            if ((wanted & MYSQL_WAIT_READ) != 0) descriptor.events |= POLLIN;
            if ((wanted & MYSQL_WAIT_WRITE) != 0) descriptor.events |= POLLOUT;
            if ((wanted & MYSQL_WAIT_EXCEPT) != 0) descriptor.events |= POLLPRI;
            if (::poll(&descriptor, 1, static_cast<int>(kLook.count())) <= 0) continue;
            int ready = 0;
            if ((descriptor.revents & (POLLIN | POLLHUP | POLLERR)) != 0) ready |= MYSQL_WAIT_READ;
            if ((descriptor.revents & (POLLOUT | POLLERR)) != 0) ready |= MYSQL_WAIT_WRITE;
            if ((descriptor.revents & POLLPRI) != 0) ready |= MYSQL_WAIT_EXCEPT;
            return (ready & wanted) != 0 ? ready & wanted : wanted;
        }
        ::shutdown(socket, SHUT_RDWR);  // so that no farewell is waited for either
        return MYSQL_WAIT_TIMEOUT;
    }

    // Why to go on no longer.
    [[nodiscard]] std::optional<Error> loss(int socket) const {
        if (stop_.stop_requested()) return Error{ErrorCode::kSystem, "stopped"};
        if (Clock::now() >= deadline_) return Error{ErrorCode::kSystem, "no answer in time"};
        if (bytes_received(socket) > 2 * kAnswerBytesMax) {
            return Error{ErrorCode::kLimit,
                         fmt::format("answers of over {} bytes", 2 * kAnswerBytesMax)};
        }
        return std::nullopt;
    }

    [[nodiscard]] Result<void> failed() const {
        if (lost_) return std::unexpected(*lost_);
        return fail(ErrorCode::kSystem, printable(mysql_error(mysql_.get()), kMessageBytesMax));
    }

    static Answer answer_of(MYSQL_RES& result) {
        Answer answer;
        const unsigned columns = mysql_num_fields(&result);
        for (unsigned i = 0; i < columns; ++i) {
            answer.columns.emplace_back(mysql_fetch_field_direct(&result, i)->name);
        }
        while (MYSQL_ROW cells = mysql_fetch_row(&result)) {
            const unsigned long* const sizes = mysql_fetch_lengths(&result);
            std::vector<std::string>& row = answer.rows.emplace_back();
            for (unsigned i = 0; i < columns; ++i) {
                row.push_back(cells[i] == nullptr ? "NULL" : std::string(cells[i], sizes[i]));
                answer.text += row.back();
                answer.text += i + 1 < columns ? '\t' : '\n';
            }
        }
        return answer;
    }

    Clock::time_point deadline_;
    const std::stop_token& stop_;
    std::optional<Error> lost_;
    std::unique_ptr<MYSQL, Close> mysql_;
};

Result<Answer> first_known(Session& session, const std::vector<std::string>& alternatives) {
    Result<Answer> answer = fail(ErrorCode::kInvalid, "no query");
    for (const std::string& query : alternatives) {
        answer = session.query(query);
        if (answer || session.is_lost()) return answer;
        const unsigned error = session.last_error();
        if (error != kParseError && error != kSyntaxError) return answer;
    }
    return answer;
}

}  // namespace

std::vector<Result<Answer>> query_mysql(const MysqlLogin& login,
                                        std::span<const std::vector<std::string>> queries,
                                        Clock::time_point deadline, const std::stop_token& stop) {
    static std::once_flag once;  // of the library, which wants it before its first use by a thread
    std::call_once(once, [] { mysql_library_init(0, nullptr, nullptr); });
    std::vector<Result<Answer>> answers;
    Session session(deadline, stop);
    if (const auto connected = session.connect(login); !connected) {
        answers.assign(queries.size(), std::unexpected(connected.error()));
        return answers;
    }
    for (const auto& alternatives : queries) answers.push_back(first_known(session, alternatives));
    return answers;
}

}  // namespace kurabe::collectors::fetch

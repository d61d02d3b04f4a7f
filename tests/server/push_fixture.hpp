// A site whose store is in memory and counts what is pushed, however it is pushed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/standing_numbers.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {

inline std::string gzip(std::string_view text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(packed.size() - stream.avail_out);
    deflateEnd(&stream);
    return packed;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

class PushFixture : public SiteFixture {
  protected:
    void SetUp() override {
        open("---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ good, other ] }\n");
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            stored_ += batch.samples.size();
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [] { return kNow; });
        intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [] { return kNow; });
        make_site(intake_.get());
    }
    void make_site(LineIntake* intake) {
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = log_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [this] { return now_; },
                                                 .intake = intake,
                                                 .numbers = numbers_.get(),
                                                 .started = now_});
    }
    static Request request_to(std::string_view target, std::string_view body,
                              Headers headers = {}) {
        Request posted;
        posted.method = "POST";
        EXPECT_TRUE(take_target(target, posted));
        posted.body = body;
        posted.peer = "10.0.0.1";
        posted.headers = std::move(headers);
        return posted;
    }
    Response post_to(std::string_view target, std::string_view body, Headers headers = {}) {
        return site_->answer(request_to(target, body, std::move(headers)));
    }

    SenderRules rules_;
    std::unique_ptr<Ingest> ingest_;
    std::unique_ptr<LineIntake> intake_;
    std::unique_ptr<StandingNumbers> numbers_;  // null unless a test makes it
    std::size_t stored_ = 0;
};

}  // namespace kurabe::server

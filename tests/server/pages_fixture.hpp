// The pages of a site of four hosts in two services, read back as a browser reads them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/server/html_scan.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {

class Pages : public SiteFixture {
  protected:
    void SetUp() override {
        write("rolls/web.yml", "metrics:\n- base\n- \"http:80\"\n");
        write("plugins/http.yml",
              "plugin: http\n"
              "groups:\n- label: HTTP\n  graphs: [ worker ]\n"
              "graphs:\n  worker:\n    label: Worker\n    definition: |\n"
              "      DEF:a=busy.gauge:n:AVERAGE\n      AREA:a#00C000:Busy\\l\n");
        open(R"(---
service: Web
servers:
- roll: web.yml
  label: front
  hosts: [ "10.0.0.1 www1 main", "10.0.0.2 www2" ]
---
service: データ
servers:
- roll: base.yml
  hosts: [ "10.0.1.1 db1", "10.0.1.2 db2" ]
)");
        report_base("10.0.0.1");
        report_base("10.0.0.2");
        report_base("10.0.1.1");
    }
    // The page, which must be whole and have this status.
    HtmlScan scan(const std::string& target, int status = 200) {
        response_ = get(target);
        EXPECT_EQ(response_.status, status) << target << response_.body;
        EXPECT_EQ(response_.content_type, "text/html; charset=utf-8");
        return HtmlScan(response_.body);
    }
    Response get_with_cookie(std::string_view target, std::string_view cookie) {
        Request request;
        request.method = "GET";
        EXPECT_TRUE(take_target(target, request));
        request.headers.emplace_back("cookie", cookie);
        return site_->answer(request);
    }
    Response response_;
};

inline std::vector<std::string> attribute_of(const std::vector<ScannedElement>& elements,
                                             const std::string& name) {
    std::vector<std::string> values;
    for (const ScannedElement& element : elements) {
        const auto found = element.attributes.find(name);
        if (found != element.attributes.end()) values.push_back(found->second);
    }
    return values;
}

inline std::size_t count_with(const HtmlScan& page, const std::string& name,
                              const std::string& attribute, const std::string& value) {
    return static_cast<std::size_t>(
        std::ranges::count(attribute_of(page.named(name), attribute), value));
}

// The graphs of a page: all have a size and a text.
inline std::vector<ScannedElement> graphs_of(const HtmlScan& page) {
    std::vector<ScannedElement> graphs;
    for (const ScannedElement& image : page.named("img")) {
        if (!image.attributes.at("src").starts_with("/graph?")) continue;
        graphs.push_back(image);
        EXPECT_GT(std::stoi(image.attributes.at("width")), 400);
        EXPECT_GT(std::stoi(image.attributes.at("height")), 100);
        EXPECT_FALSE(image.attributes.at("alt").empty());
    }
    return graphs;
}

}  // namespace kurabe::server

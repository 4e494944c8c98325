//! The page of a plan in a browser: it filters, opens and closes, and asks for nothing.

use crate::browser::Browser;
use crate::sixty;

#[test]
fn the_page_is_driven_by_a_browser() {
    let case = sixty::day_thirty();
    case.world.replace(
        "accounts/iam.yaml",
        "Automation number 1 ",
        "Changed number 1 ",
    );
    case.world.replace(
        "accounts/cloud.yaml",
        "userLevels: [SOURCE_ADMIN]",
        "userLevels: [SOURCE_ADMIN, HELPDESK]",
    );
    let outputs = case.plan("", 0);
    assert!(outputs.html.contains("waiting"));
    let page = case.world.path("out/plan.html");
    for width in [400, 1280] {
        let Some(mut browser) = Browser::open(case.world.folder(), &page, width) else {
            return;
        };
        let shown = "Array.from(document.querySelectorAll('.item')).filter(i => !i.hidden).length";
        let open = "Array.from(document.querySelectorAll('.item')).filter(i => i.open).length";
        let all = browser.value(shown);
        // The source, two accounts, and one group of those that wait.
        assert_eq!(all, 4);
        assert_eq!(browser.value(open), all, "changes are open");
        assert_eq!(
            browser.value_when_painted("document.querySelector('.row .mark').innerText", "> run"),
            "> run",
            "marks have words"
        );

        let _ = browser.value("document.getElementById('close').click()");
        assert_eq!(browser.value(open), 0);
        let _ = browser.value("document.getElementById('open').click()");
        assert_eq!(browser.value(open), all);

        for (kind, count) in [("update", 2), ("blocked", 1), ("run", 1)] {
            let chip = format!("document.querySelector('.chips [data-kind={kind}]').click()");
            let _ = browser.value(&chip);
            assert_eq!(browser.value(shown), count, "{kind}");
            let _ = browser.value(&chip);
            assert_eq!(browser.value(shown), all);
        }

        let filter = |text: &str| {
            format!(
                "{{ const box = document.getElementById('filter'); box.value = '{text}'; box.dispatchEvent(new Event('input')); }}"
            )
        };
        let _ = browser.value(&filter("svc-helpdesk-07"));
        assert_eq!(browser.value(shown), 1);
        assert_eq!(
            browser.value(
                "Array.from(document.querySelectorAll('.names li')).filter(i => !i.hidden).length"
            ),
            1
        );
        let _ = browser.value(&filter(""));
        assert_eq!(
            browser.value("document.getElementById('count').textContent"),
            "all 4"
        );

        let fits = browser.value("document.documentElement.scrollWidth <= innerWidth");
        assert_eq!(fits, true, "something is wider than {width}");
        assert_eq!(browser.complaints, [""; 0]);
        assert_eq!(browser.requests, [format!("file://{}", page.display())]);
    }
}

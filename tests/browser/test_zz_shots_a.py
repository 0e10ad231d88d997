import pytest
from tests.browser.test_contact import *
from tests.browser.test_contact import FORM
for name in list(globals()):
    if name.startswith("test_"): del globals()[name]
def test_shots(arrive):
    for vp,n in ((WIDE,"w"),(PHONE,"p")):
        for scheme in ("light","dark"):
            page=arrive(viewport=vp, color_scheme=scheme, reduced_motion="reduce").page
            page.goto("/en/contact"); page.screenshot(path=f"/tmp/A-{n}-{scheme}-list.png", full_page=True)
            page.goto(FORM)
            fill(page, SUBJECT, TEXT)
            page.locator(".suggested").wait_for()
            page.screenshot(path=f"/tmp/A-{n}-{scheme}-form.png", full_page=True)
            page.goto(FORM)
            fill(page, UNKNOWN_SUBJECT, UNKNOWN+"\n\nhttps://example.com/a and more words that go on for some time, so that lines break.")
            page.get_by_label("Your e-mail address").fill("ada@example.com")
            page.wait_for_timeout(2100)
            page.get_by_label("Files").set_input_files({"name":"what I see.txt","mimeType":"text/plain","buffer":b"x"*3000})
            page.get_by_role("button", name="Send").click()
            page.get_by_text(THANKS).wait_for()
            page.screenshot(path=f"/tmp/A-{n}-{scheme}-talk.png", full_page=True)

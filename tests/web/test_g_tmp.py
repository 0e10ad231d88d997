import tests.web.test_reader_cookie as t
def test_x(client):
    import re
    print(re.findall(r'href="(/en/topics[^"]*)"', client.get("/en/").text)); assert 0
from tests.web.test_reader_cookie import *

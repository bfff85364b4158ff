import cProfile, pstats, pytest
from tests.candidates.test_change_eligibility_list import crowd, change
pytestmark = pytest.mark.django_db
def test_p(county):
    crowd(county, 2000)
    p=cProfile.Profile(); p.enable(); change(county); p.disable()
    pstats.Stats(p).sort_stats("cumulative").print_stats(28)

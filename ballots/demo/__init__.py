"""The demo county: a real map, and on it invented people, surveys, disputes, audits and elections.

``story`` tells what is the case in each village, from the map, a seed and one day called today;
it reads no clock and no database, so the same day always tells the same story. ``write`` puts
the story into the database, ``load`` does it once and marks the database as a demo.
"""

import pytest

from autograder.course import document
from autograder.course.document import key_path, read_document
from autograder.errors import CourseError


@pytest.fixture
def read(tmp_path):
    def read(content):
        file = tmp_path / "course.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(file)

    return read


def error_of(read, content):
    with pytest.raises(CourseError) as caught:
        read(content)
    (line,) = caught.value.lines()
    return line


def test_scalars_are_read_as_yaml_1_2_does(read):
    text = "[1, -2, 010, 1e3, 1.5, .inf, true, yes, on, ~, null, 12:30, 2026-11-30T23:59:00Z, '1', a]"
    expected = [1, -2, 10, 1000.0, 1.5, float("inf"), True, "yes", "on", None, None, "12:30"]
    assert read(text).data == [*expected, "2026-11-30T23:59:00Z", "1", "a"]


def test_every_key_and_item_has_the_line_it_is_written_on(read):
    lines = read("a: 1\nb:\n  c: {d: 1,\n   e: 2}\nf:\n- 1\n- g: 2\n").lines
    assert lines == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", "d"): 3, ("b", "c", "e"): 4,
        ("f",): 5, ("f", 0): 6, ("f", 1): 7, ("f", 1, "g"): 7,
    }  # fmt: skip


def test_line_of_a_missing_key_is_that_of_the_nearest_key_around_it(read):
    found = read("a:\n  b: 1\n")
    assert (found.line(("a", "b")), found.line(("a", "x", "y")), found.line(("x",))) == (2, 1, None)


def test_aliases_stand_for_what_they_name(read):
    found = read("a: &x {k: 1}\nb: *x\n")
    assert found.data == {"a": {"k": 1}, "b": {"k": 1}}
    assert found.line(("b", "k")) == 1


def test_key_path_is_written_with_dots_and_brackets():
    assert key_path(("assignments", "hw3", "holes", 2)) == "assignments.hw3.holes[2]"


def test_duplicate_keys_are_all_reported_and_the_first_is_kept(read):
    found = read("a: 1\nb: 2\na: 3\nb: 4\n")
    assert found.data == {"a": 1, "b": 2}
    assert [(problem.line, problem.message) for problem in found.problems] == [
        (3, "a: key given twice, first on line 1: keep one"),
        (4, "b: key given twice, first on line 2: keep one"),
    ]


def test_keys_that_are_no_words_are_reported(read):
    (problem,) = read("a:\n  ? [x]\n  : 1\n").problems
    assert (problem.line, problem.message) == (2, "a: a key has to be a word, not a list or a mapping")


@pytest.mark.parametrize("value", ["!!python/object/apply:os.getcwd []", "!thing x"])
def test_unknown_tags_are_reported_and_never_obeyed(read, value):
    (problem,) = read(f"a: {value}\n").problems
    assert "a: unknown YAML tag" in problem.message


def test_a_tag_that_its_text_contradicts_is_reported(read):
    (problem,) = read("a: !!int many\n").problems
    assert problem.message == "a: 'many' is not what its tag !!int says"


def test_an_empty_file_has_no_data(read):
    assert read("").data is None
    assert read("# only a comment\n").data is None


def test_a_byte_order_mark_is_accepted(read):
    assert read(b"\xef\xbb\xbfa: 1\r\n").data == {"a": 1}


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(CourseError, match=r"no such file.*--course DIR.*autograder new DIR"):
        read_document(tmp_path / "nowhere" / "course.yaml")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    with pytest.raises(CourseError, match="cannot be read: Is a directory"):
        read_document(tmp_path)


def test_a_file_that_is_not_utf8_names_line_and_byte(read):
    assert error_of(read, b"a: 1\nb: caf\xe9\n").endswith(
        "course.yaml:2: byte 0xe9 is not UTF-8: save the file as UTF-8"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1,\nb: 2\n", 3, "did not find expected"),
        ("a: 1\nb: *x\n", 2, "undefined alias"),
        ("a: 1\n---\nb: 1\n", 2, "single document"),
        ("a:\n\tb: 1\n", 2, "this line has a tab"),
    ],
)
def test_a_syntax_error_is_one_line_with_its_place(read, text, line, words):
    message = error_of(read, text)
    assert f"course.yaml:{line}: not YAML: " in message
    assert words in message


def test_control_characters_are_a_syntax_error(read):
    assert "not YAML" in error_of(read, "a: \x00\n")


@pytest.mark.parametrize("text", ["[" * 300_000, "- " * 300_000, "{a: " * 100_000, "a: &x [*x]\n"])
def test_endless_nesting_is_refused(read, text):
    assert f"nested more than {document.MAX_DEPTH} deep" in error_of(read, text)


def test_aliases_that_expand_without_end_are_refused(read):
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert "aliases expand to more than" in error_of(read, "\n".join(lines))


def test_a_huge_file_is_refused(read):
    assert "larger than" in error_of(read, "#" * (document.MAX_BYTES + 1))

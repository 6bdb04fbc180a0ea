"""Facts and books that are elsewhere: rated from and into another place, they are what one disk gives; a part is there whole or not at all."""

from __future__ import annotations

import pytest
from tests.operations.rating.books import copy_of, rated_in, rows_of, taken_in, terms_of

from tuntas.operations.rating import places, staged
from tuntas.operations.rating.book import NothingToRate, rate_book
from tuntas.operations.rating.lock import BookHeld
from tuntas.operations.rating.part import Cancelled
from tuntas.operations.rating.places import PlaceSilent, PlaceUnknown
from tuntas.operations.rating.staged import JobReplaced, rate_staged, rate_task, read_book, tasks_of


@pytest.fixture(scope="module")
def alone(facts, tmp_path_factory):
    book = tmp_path_factory.mktemp("alone")
    return book, rate_book(facts / "parts", book, terms=terms_of(facts))


@pytest.fixture(scope="module")
def bucket():
    """An object store that runs in this process, and the address of a bucket in it."""
    pytest.importorskip("moto", reason="no moto here, which plays the object store; bring it with: make cluster")
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        patch.setenv(name, value)
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="parcels")
    yield "s3://parcels"
    patch.undo()
    server.stop()


def _known(result) -> list[str]:
    return [name for name, part in result.parts.items() if part.known]


def test_an_object_store_gives_what_one_disk_gives_and_goes_on_where_it_was(facts, alone, bucket, tmp_path):
    book, one = alone
    for name in ("0001", "0002", "0003", "0004"):
        places.send(facts / "parts" / name, f"{bucket}/parts/{name}")
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        rate_staged(f"{bucket}/parts", f"{bucket}/book", terms=terms_of(facts), cancelled=lambda: next(asked))
    many = rate_staged(f"{bucket}/parts", f"{bucket}/book/", terms=terms_of(facts))
    assert _known(many) == ["0001", "0002"]
    assert many.digest == one.digest
    assert read_book(f"{bucket}/book").digest == one.digest
    for name in many.parts:
        attempt = tmp_path / "book" / "rated" / name / many.parts[name].folder.rsplit("/", 1)[1]
        places.fetch(many.parts[name].folder, attempt)
        rows = (attempt / "taken_in").read_text()
        places.fetch(f"{bucket}/book/intake/{name}/{rows}", tmp_path / "book" / "intake" / name / rows)
        places.fetch(f"{bucket}/book/rated/{name}", tmp_path / "book" / "rated" / name)
    assert rows_of(tmp_path / "book", many.parts) == rows_of(book, one.parts)


def test_another_folder_gives_the_same_and_twice_is_once(facts, alone, tmp_path):
    book, one = alone
    many = rate_staged(str(facts / "parts"), f"file://{tmp_path}/book", terms=terms_of(facts))
    assert many.digest == one.digest
    assert rows_of(tmp_path / "book", many.parts) == rows_of(book, one.parts)
    again = rate_staged(str(facts / "parts"), str(tmp_path / "book"), terms=terms_of(facts))
    assert _known(again) == list(one.parts)
    assert again.digest == one.digest
    on_one_machine = rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts))
    assert _known(on_one_machine) == list(one.parts), "a book goes on whoever began it"
    assert on_one_machine.digest == one.digest


def test_facts_that_were_written_again_alike_are_kept_and_corrected_ones_are_not(facts, tmp_path):
    mine = copy_of(facts, tmp_path / "facts")
    before = rate_staged(str(mine / "parts"), str(tmp_path / "book"), terms=terms_of(mine))
    file = mine / "parts/0002/shipments.parquet"
    file.write_bytes(file.read_bytes())
    same = rate_staged(str(mine / "parts"), str(tmp_path / "book"), terms=terms_of(mine))
    assert _known(same) == list(before.parts)
    (mine / "parts/0002/events.parquet").unlink()
    again = rate_staged(str(mine / "parts"), str(tmp_path / "book"), terms=terms_of(mine))
    fresh = rate_book(mine / "parts", tmp_path / "fresh", terms=terms_of(mine))
    assert _known(again) == ["0001", "0003", "0004"]
    assert again.digest == fresh.digest != before.digest
    assert rows_of(tmp_path / "book", again.parts) == rows_of(tmp_path / "fresh", fresh.parts), "and one attempt is left of each"


def test_files_without_the_page_that_names_them_are_no_part_and_are_cleared(facts, alone, tmp_path, monkeypatch):
    _, one = alone
    book = tmp_path / "book"
    put = places.put_page

    def dies_before_the_last_page(where: str, text: str, *, mark: str) -> None:
        if where.endswith("0002/done.json"):
            raise ConnectionError("the store went away")
        put(where, text, mark=mark)

    monkeypatch.setattr(staged.places, "put_page", dies_before_the_last_page)
    with pytest.raises(ConnectionError):
        rate_staged(str(facts / "parts"), str(book), terms=terms_of(facts))
    assert list(read_book(str(book)).parts) == ["0001"]
    remains = list(book.glob("rated/0002/*/record.parquet"))
    assert len(remains) == 1
    monkeypatch.undo()
    again = rate_staged(str(facts / "parts"), str(book), terms=terms_of(facts))
    assert not remains[0].exists()
    assert again.digest == one.digest


@pytest.mark.parametrize("room", ["intake", "rated"])
def test_two_that_rate_one_part_at_once_leave_one_whole_part(room, facts, alone, tmp_path, monkeypatch):
    book, _ = alone
    terms = terms_of(facts)
    task = tasks_of(str(facts / "parts"), str(tmp_path / "book"), terms=terms)[0]
    send, nested = places.send, []

    def meets_another(folder, where) -> None:
        if f"/{room}/" in where and not nested:
            nested.append(where)
            rate_task(task, terms)
        send(folder, where)

    monkeypatch.setattr(staged.places, "send", meets_another)
    rate_task(task, terms)
    assert nested
    kept = read_book(str(tmp_path / "book")).parts["0001"]
    assert room == "intake" or kept.folder == nested[0], "the one that wrote its page last"
    monkeypatch.undo()
    tasks_of(str(facts / "parts"), str(tmp_path / "book"), terms=terms)
    assert rated_in(tmp_path / "book", "0001").name == kept.folder.rsplit("/", 1)[1], (
        "what no page names is cleared when a job begins"
    )
    assert taken_in(tmp_path / "book", "0001").is_dir()
    assert rows_of(tmp_path / "book", ["0001"]) == rows_of(book, ["0001"])


@pytest.mark.parametrize("room", ["intake", "rated"])
def test_a_task_that_outlives_its_job_writes_no_page(room, facts, alone, tmp_path, monkeypatch):
    _, one = alone
    terms, book = terms_of(facts), str(tmp_path / "book")
    task = tasks_of(str(facts / "parts"), book, terms=terms)[0]
    send, begun = places.send, []

    def meets_the_next_job(folder, where) -> None:
        send(folder, where)
        if f"/{room}/" in where and not begun:
            begun.append(where)
            tasks_of(str(facts / "parts"), book, terms=terms)

    monkeypatch.setattr(staged.places, "send", meets_the_next_job)
    with pytest.raises(JobReplaced, match="RATING-JOB-01"):
        rate_task(task, terms)
    assert begun
    monkeypatch.undo()
    assert not (tmp_path / "book/rated/0001/done.json").exists()
    assert not list((tmp_path / "book").glob(f"{room}/0001/*/*")), "the next job has cleared what was sent"
    assert rate_staged(str(facts / "parts"), book, terms=terms).digest == one.digest


def test_an_object_store_is_held_by_a_page_until_the_job_ends(facts, alone, bucket):
    _, one = alone
    places.send(facts / "parts" / "0001", f"{bucket}/held/parts/0001")
    seen = []

    def another_job(*_: object) -> None:
        with pytest.raises(BookHeld, match=r"RATING-LOCK-01: saw s3://parcels/held/book held: .* since 20"):
            rate_staged(f"{bucket}/held/parts", f"{bucket}/held/book", terms=terms_of(facts))
        seen.append(places.files_in(f"{bucket}/held/book/locks"))

    rate_staged(f"{bucket}/held/parts", f"{bucket}/held/book", terms=terms_of(facts), progress=another_job)
    assert [len(pages) for pages in seen] == [1]
    assert places.files_in(f"{bucket}/held/book/locks") == {}
    places.put_page(f"{bucket}/held/book/locks/killed.json", "{}", mark="killed")
    with pytest.raises(BookHeld):
        rate_staged(f"{bucket}/held/parts", f"{bucket}/held/book", terms=terms_of(facts))
    again = rate_staged(f"{bucket}/held/parts", f"{bucket}/held/book", terms=terms_of(facts), break_lock=True)
    assert again.parts["0001"].known
    assert again.parts["0001"].key == one.parts["0001"].key


@pytest.mark.parametrize("where", ["ftp://there/parts", "s3://key:secret@parcels/parts", "nowhere://x"])
def test_an_address_we_cannot_reach_or_that_carries_a_key_is_refused_without_saying_the_key(where, facts, tmp_path):
    with pytest.raises(PlaceUnknown, match="RATING-PLACE-01") as refused:
        rate_staged(where, str(tmp_path), terms=terms_of(facts))
    assert "secret" not in str(refused.value)


def test_a_store_that_does_not_answer_is_told_with_what_it_asks_for(facts, tmp_path, monkeypatch):
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PlaceSilent, match=r"RATING-PLACE-02: saw no answer from s3://parcels/book: .*; give AWS_ACCESS_KEY_ID"):
        rate_staged(str(facts / "parts"), "s3://parcels/book", terms=terms_of(facts))


@pytest.mark.parametrize(
    ("where", "asks"),
    [
        # Where there is a Hadoop client it is the name node that does not answer.
        (
            "hdfs://127.0.0.1:9/book",
            r"RATING-PLACE-0[12]: .*hdfs://127.0.0.1:9/book.*; install the Hadoop client; give JAVA_HOME .*libhdfs.so",
        ),
        ("abfs://container/book", r"RATING-PLACE-01: .*; write abfs://CONTAINER@ACCOUNT"),
    ],
)
def test_an_address_that_wants_more_than_is_here_says_what(where, asks, monkeypatch):
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises((PlaceUnknown, PlaceSilent), match=asks) as refused:
        read_book(where)
    assert "\n" not in str(refused.value)


def test_a_folder_without_parts_is_refused(facts, tmp_path):
    for where in (tmp_path, tmp_path / "not there"):
        with pytest.raises(NothingToRate):
            rate_staged(str(where), str(tmp_path / "book"), terms=terms_of(facts))
    with pytest.raises(NothingToRate):
        read_book(str(tmp_path))

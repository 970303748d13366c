"""The planning service: what it listens to, serves and does by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from werkzeug.wrappers import Request

from services.planning import handlers, queries
from services.planning.handlers import clocks, drafts, explanations, plans, selections, tasks, tbt_notifications
from services.planning.model.drafts import Advance, NewDraft, RulingOut
from services.planning.model.plans import YearPlan
from services.planning.model.targeting import SelectionOrder
from services.planning.model.tasks import Doing, Explanation, NewTask, Returning, TaskState
from services.planning.queries import drafts as pipeline
from services.planning.queries import work as everyday
from services.planning.queries import year_plans
from services.planning.queries.duties import duties
from services.planning.queries.organisation import Chart, chart
from services.planning.queries.tasks import tasks_given
from services.planning.requests import (
    ClocksQuery,
    DayQuery,
    DraftsQuery,
    PlansQuery,
    ProposalsQuery,
    ProvinceQuery,
    RiskQuery,
    TasksQuery,
    WorkQuery,
)
from shared.contracts import inspection, partners, reporting
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.deadlines import local_day
from shared.kernel.wellformed import read_query
from shared.messaging.subscription import subscribe
from shared.organisation.file import read_organisation
from shared.runner.provider import provided, provided_room
from shared.runner.timers import every
from shared.web.entrypoint import http
from shared.web.reply import Reply


class PlanningService:
    """Routing only; decisions are in ``rules/``."""

    name = "planning"
    room = provided_room()
    organisation = provided(lambda room: read_organisation(room.settings.organisation))

    @subscribe(
        inspection.ViolationDetected,
        inspection.CaseOpened,
        inspection.MeasureOrdered,
        inspection.ActTaken,
        inspection.CaseClosed,
        inspection.VerdictReached,
        inspection.MatchConfirmed,
        partners.ComplaintReceived,
        partners.AlertPublished,
        partners.SurveyAnswered,
        partners.LotDeclared,
        partners.DirectiveReceived,
        partners.DirectiveAnswered,
        partners.ReportReceived,
        partners.MeetingCalled,
        partners.MeetingPapersSent,
        partners.FileReceived,
        partners.FileAnswered,
        partners.DraftAdvanced,
        partners.NotificationCirculated,
        partners.CommentsClosed,
        partners.DocumentsRequested,
        partners.DocumentsSent,
        partners.ContactChanged,
        partners.ContactReported,
        partners.AgencyChecked,
        partners.CorrectionReported,
        partners.WorkReported,
        reporting.ReportIssued,
    )
    def react(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Run clocks, raise risk, advance plans."""
        handlers.react(events, uow)

    @every(minutes=1)
    def announce(self, uow: UnitOfWork) -> None:
        """Announce the time limits that have come close or passed."""
        clocks.announce(uow)

    @http("GET", "/v1/plans")
    def plans(self, request: Request) -> Any:
        """List the plans in force and how many of their items are reached; ``?year=``."""
        with self.room.reading() as connection:
            return queries.plans_in_force(connection, read_query(request.args, PlansQuery).year)

    @http("POST", "/v1/plans", body=YearPlan)
    def approve_plan(self, _request: Request, body: YearPlan) -> Any:
        """Put a year plan into force: 201 for a new revision, 200 for the same plan again."""
        plans.check_units(body, self.organisation)
        with self.room.transaction() as uow:
            approval = plans.approve(body, uow)
        return Reply(msgspec.json.encode(approval), status=201 if approval.new else 200)

    @http("GET", "/v1/plans/<plan_id>")
    def plan(self, _request: Request, plan_id: str) -> Any:
        """Show a plan with the progress of its items, key tasks and programmes."""
        with self.room.reading() as connection:
            return year_plans.plan(connection, plan_id, self._today())

    @http("GET", "/v1/plans/<plan_id>/revisions")
    def revisions(self, _request: Request, plan_id: str) -> Any:
        """List every text of a plan that was in force, the newest first: who approved it, why, and what it changed."""
        with self.room.reading() as connection:
            return year_plans.revisions(connection, plan_id)

    @http("GET", "/v1/plans/<plan_id>/forecast")
    def forecast(self, _request: Request, plan_id: str) -> Any:
        """Tell what each item of a plan will come to at its pace so far."""
        with self.room.reading() as connection:
            return year_plans.forecast(connection, plan_id, self._today())

    @http("POST", "/v1/plans/<plan_id>/items/<item_id>/explanation", body=Explanation)
    def explain(self, _request: Request, plan_id: str, item_id: str, body: Explanation) -> Any:
        """Explain why an item was not reached; the newest explanation counts."""
        with self.room.transaction() as uow:
            explanations.explain(plan_id, item_id, body, uow)
        return {"plan_id": plan_id, "item_id": item_id, "explained": True}

    @http("GET", "/v1/tasks")
    def tasks(self, request: Request) -> Any:
        """List the tasks from directives and those units set themselves, the latest first; ``?unit=&state=&limit=``."""
        query = read_query(request.args, TasksQuery)
        with self.room.reading() as connection:
            return tasks_given(connection, unit=query.unit, state=query.state, limit=query.limit)

    @http("POST", "/v1/tasks", body=NewTask)
    def assign_task(self, _request: Request, body: NewTask) -> Any:
        """Give a unit a task beside its plan: 201 for a new one, 200 for the same again."""
        with self.room.transaction() as uow:
            new = tasks.assign(body, uow)
        return Reply(msgspec.json.encode({"task_id": body.task_id, "new": new}), status=201 if new else 200)

    @http("POST", "/v1/tasks/<path:task_id>/done", body=Doing)
    def finish_task(self, _request: Request, task_id: str, body: Doing) -> Any:
        """Say that a task was done."""
        with self.room.transaction() as uow:
            tasks.finish(task_id, body, uow)
        return {"task_id": task_id, "state": TaskState.DONE}

    @http("POST", "/v1/tasks/<path:task_id>/return", body=Returning)
    def return_task(self, _request: Request, task_id: str, body: Returning) -> Any:
        """Send a directive back to where it came from, with the reason."""
        with self.room.transaction() as uow:
            tasks.give_back(task_id, body, uow)
        return {"task_id": task_id, "state": TaskState.RETURNED}

    @http("GET", "/v1/drafts")
    def drafts(self, request: Request) -> Any:
        """List drafts of standards and regulations, those that moved last first; ``?kind=&stage=&unit=&limit=``."""
        query = read_query(request.args, DraftsQuery)
        with self.room.reading() as connection:
            return pipeline.drafts_listed(connection, kind=query.kind, stage=query.stage, unit=query.unit, limit=query.limit)

    @http("POST", "/v1/drafts", body=NewDraft)
    def register_draft(self, _request: Request, body: NewDraft) -> Any:
        """Take a draft into the pipeline: 201 for a new one, 200 when what is known of one was corrected."""
        with self.room.transaction() as uow:
            new = drafts.register(body, uow)
        return Reply(msgspec.json.encode({"draft_id": body.draft_id, "new": new}), status=201 if new else 200)

    @http("GET", "/v1/drafts/stages")
    def draft_stages(self, _request: Request) -> Any:
        """List the stages of each kind of draft: what each comes after, and the article."""
        return pipeline.stages()

    @http("GET", "/v1/drafts/<path:draft_id>")
    def draft(self, _request: Request, draft_id: str) -> Any:
        """Show a draft: its stages so far, its clocks, its notifications, and what may come next or why not yet."""
        with self.room.reading() as connection:
            return pipeline.draft(connection, draft_id, self.room.clock.now())

    @http("POST", "/v1/drafts/<path:draft_id>/stage", body=Advance)
    def advance_draft(self, _request: Request, draft_id: str, body: Advance) -> Any:
        """Let a draft reach a stage; refused with the article when a stage would be skipped or cut short."""
        with self.room.transaction() as uow:
            new = drafts.advance(draft_id, body, uow)
        return {"draft_id": draft_id, "stage": body.stage, "new": new}

    @http("POST", "/v1/drafts/<path:draft_id>/no-notification", body=RulingOut)
    def rule_out_notification(self, _request: Request, draft_id: str, body: RulingOut) -> Any:
        """Record that a draft handed over to the TBT office needs no notification to the WTO, and why."""
        with self.room.transaction() as uow:
            new = tbt_notifications.rule_out(draft_id, body, uow)
        return {"draft_id": draft_id, "reason": body.reason, "new": new}

    @http("GET", "/v1/work")
    def work(self, request: Request) -> Any:
        """List the everyday work of a year by item type, unit and step, beside the year before; ``?year=&unit=``."""
        query = read_query(request.args, WorkQuery)
        with self.room.reading() as connection:
            return everyday.work(connection, query.year or self._today().year, unit=query.unit)

    @http("GET", "/v1/work/types")
    def work_types(self, _request: Request) -> Any:
        """List the item types: their steps, the events that tell of them, and their duties with a time limit."""
        return everyday.types()

    @http("GET", "/v1/duties")
    def duties(self, _request: Request) -> Any:
        """List the table of statutory time limits: the clock that runs for each row, or the reason why none can."""
        return duties()

    @http("GET", "/v1/organisation")
    def units(self, request: Request) -> Chart:
        """Show the provinces and the units of a day, each after the one it belongs to; ``?on=``, today without it."""
        return chart(self.organisation, read_query(request.args, DayQuery).on or self._today())

    @http("GET", "/v1/clocks")
    def clocks(self, request: Request) -> Any:
        """List statutory clocks, the earliest due first, and how many are in each state; ``?state=&limit=``."""
        query = read_query(request.args, ClocksQuery)
        with self.room.reading() as connection:
            return {
                "counts": queries.clock_counts(connection),
                "clocks": queries.clocks_due(connection, state=query.state, limit=query.limit),
            }

    @http("GET", "/v1/proposals")
    def proposals(self, request: Request) -> Any:
        """List proposed inspections, the latest first; those chosen for a month by rank; ``?province=&month=&limit=``."""
        query = read_query(request.args, ProposalsQuery)
        with self.room.reading() as connection:
            return queries.proposed(connection, province=query.province, month=query.chosen_for, limit=query.limit)

    @http("POST", "/v1/targeting/selections", body=SelectionOrder)
    def select_visits(self, _request: Request, body: SelectionOrder) -> Any:
        """Choose the visits of a month by expected harm, a tenth at random: 201 when some were chosen, else 200."""
        with self.room.transaction() as uow:
            selected = selections.select(body, uow)
        return Reply(msgspec.json.encode(selected), status=201 if selected.chosen else 200)

    @http("GET", "/v1/targeting/random-rate")
    def random_rate(self, request: Request) -> Any:
        """Show how often visits drawn at random found a violation, with its interval; ``?province=``."""
        with self.room.reading() as connection:
            return queries.random_rate(connection, province=read_query(request.args, ProvinceQuery).province)

    @http("GET", "/v1/risk/sites")
    def risk_of_sites(self, request: Request) -> Any:
        """List the sites of the highest risk today; ``?province=&limit=``."""
        query = read_query(request.args, RiskQuery)
        with self.room.reading() as connection:
            return queries.risky_sites(connection, self._today(), province=query.province, limit=query.limit)

    def _today(self) -> date:
        return local_day(self.room.clock.now())

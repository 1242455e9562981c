using System.Globalization;
using NetLab.Core;
using NetLab.Core.IoModels;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The I/O tab: a lane in time for each I/O model, all on the same arrivals, with their figures beside them.</summary>
public sealed partial class IoPane : Pane
{
    private const int NameColumns = 13, LeastFigures = 25, MostFigures = 36, LeastDetail = 8;
    private static readonly string[] s_hints =
    [
        "Eight ways to wait for the same messages, each with its own system calls. Enter starts the race; Space goes call by call.",
        "A message goes through two phases: waiting until data is there, then copying it from the kernel to the program. The models differ in who waits, and how.",
    ];

    private readonly List<List<LaneSpan>> _spans = [];
    private LanePhase?[] _cells = [];
    private long[] _ticks = [];
    private IoRace? _race;
    private IoFigures[] _figures = [];
    private LaneAxis? _axis;
    private ArrivalScript? _chosen;
    private int _descriptors = 1, _lane, _message;
    // As the frame that is drawn shows it: a race ends at any time, and its end must be drawn, too.
    private bool _isOver;
    private bool _isEven, _explains, _isOfMessage;
    private (long From, long To)? _window;
    private int _firstLane, _laneRows;

    /// <inheritdoc/>
    public override string Title => "i/o models";

    // The Lab's experiment is none of its business.
    /// <inheritdoc/>
    public override bool IsOfRun => false;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        int descriptors = _race?.Descriptors ?? _descriptors;
        if (descriptors != _descriptors || Shown != Chosen)
            return $"next: {EventText.Printable(Chosen.Name)}{Over(_descriptors)}";
        if (_window is { } window)
            return $"{FigureText.Precise(new Duration(window.To - window.From))} from {FigureText.Precise(new Duration(Math.Max(0, window.From)))} · {EventText.Printable(Shown.Name)}{Over(descriptors)}";
        string scale = _axis is { IsMagnified: true } ? "magnified · " : "";
        return $"{scale}{EventText.Printable(Shown.Name)}: {FigureText.Count(Shown.Arrivals.Count, "message")}, {FigureText.Bytes(Shown.TotalBytes)}{Over(descriptors)}";
    }

    private static string Over(int descriptors) => descriptors == 1 ? "" : $" over {FigureText.Number(descriptors)} descriptors";

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context) => _race is { } race && !_isOver ? Duration.FromMilliseconds(race.Gate.IsHeld ? 50 : 33) : null;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Look(context.Lab.Io.Race);
        TakeSpans();
        long now = Now;
        _figures = [.. (_race?.Lanes ?? []).Select(lane => lane.Figures(now))];
        int lanes = _race?.Lanes.Count ?? IoModelNames.All.Count;
        int figures = Math.Clamp(canvas.Width * 3 / 10, LeastFigures, MostFigures);
        int columns = Math.Max(8, canvas.Width - NameColumns - 1 - figures - 1);
        if (_cells.Length != columns)
            (_cells, _ticks) = (new LanePhase?[columns], new long[columns]);
        _laneRows = Math.Clamp((canvas.Height - 2 - LeastDetail) / lanes, 1, 3);
        _axis = Axis(now, columns);
        DrawArrivals(canvas.Slice(new Rectangle(NameColumns + 1, 0, columns, 2)));
        canvas.Write(1, 0, Theme.Faint, "arrivals");
        _firstLane = 2;
        for (int lane = 0; lane < lanes; lane++)
            DrawLane(canvas.Slice(new Rectangle(0, _firstLane + lane * _laneRows, canvas.Width, _laneRows)), lane, now, columns, figures);
        int rule = _firstLane + lanes * _laneRows;
        canvas.Horizontal(0, rule, canvas.Width, Theme.Border);
        DrawDetail(canvas.Slice(new Rectangle(0, rule + 1, canvas.Width, Math.Max(0, canvas.Height - rule - 2))), columns, context.Lab.Io.CountObstacle);
        DrawLegend(canvas.Slice(new Rectangle(1, canvas.Height - 1, canvas.Width - 2, 1)));
    }

    // What the race on the screen is about; another script may have been chosen for the next one.
    private ArrivalScript Shown => _race?.Script ?? Chosen;

    // For the next race. Read only when it is shown: most who start the lab look at another tab.
    private ArrivalScript Chosen => _chosen ??= ArrivalScript.Classic;

    private long Now => _race is null ? 0 : _isOver ? _race.Ended : Math.Max(0, _race.Gate.Now);

    // When the last lane had read everything; the race itself ends a little later.
    private long End => _race is { } race && _isOver
        ? race.Lanes.Where(lane => lane.State is LaneState.Done or LaneState.Failed).Select(lane => lane.Figures(race.Ended).Elapsed.Nanoseconds).DefaultIfEmpty(race.Ended).Max()
        : Math.Max(Now, Shown.End.Nanoseconds + 1_000_000);

    private LaneAxis Axis(long now, int columns)
    {
        if (_window is { } window)
            return LaneAxis.Even(window.From, window.To, columns);
        long end = End + End / 50;
        return _isEven || _race is null ? LaneAxis.Even(0, Math.Max(end, 1), columns) : LaneAxis.Magnified(_spans, _isOver ? end : Math.Max(now, 1), columns);
    }

    // Another race: what was kept of the one before it is of no use.
    private void Look(IoRace? race)
    {
        _isOver = race is { IsOver: true };
        if (race == _race)
            return;
        (_race, _window, _message) = (race, null, 0);
        _spans.Clear();
        _lane = Math.Clamp(_lane, 0, (race?.Lanes.Count ?? IoModelNames.All.Count) - 1);
    }

    // Of what was taken before, only the last stretch may have grown.
    private void TakeSpans()
    {
        int lanes = _race?.Lanes.Count ?? 0;
        while (_spans.Count < lanes)
            _spans.Add([]);
        for (int lane = 0; lane < lanes; lane++)
        {
            if (_spans[lane].Count > 0)
                _spans[lane].RemoveAt(_spans[lane].Count - 1);
            _race!.Lanes[lane].CopySpans(_spans[lane].Count, _spans[lane]);
        }
    }

    private void DrawArrivals(Canvas canvas)
    {
        var first = _race is null ? null : _figures.Zip(_race.Lanes).FirstOrDefault(lane => lane.Second.State != LaneState.Absent).First;
        var times = first?.Times ?? [.. Shown.Arrivals.Select(arrival => new MessageTimes(arrival.At.Nanoseconds, -1))];
        var (marks, labels) = LaneArrivals.Draw(times, Shown, _axis!);
        canvas.Write(0, 0, Theme.Now, marks);
        canvas.Write(0, 1, Theme.Faint, labels);
        if (_race is not null && _message < times.Count && times[_message].Arrived >= 0)
            canvas.Overlay(new Rectangle(_axis!.ColumnOf(times[_message].Arrived), 0, 1, 1), Theme.Selection);
    }

    private void DrawLane(Canvas canvas, int index, long now, int columns, int figures)
    {
        var lane = _race?.Lanes[index];
        bool isChosen = index == _lane && _race is not null;
        var model = lane?.Model ?? IoModelNames.All[index];
        canvas.Write(0, 0, Theme.Key, isChosen ? "›" : " ");
        canvas.WriteField(1, 0, NameColumns - 1, Alignment.Left, isChosen ? Theme.Title : lane is null ? Theme.Faint : Theme.Text, model.Name());
        if (lane is null)
            return;
        if (lane.State == LaneState.Absent)
        {
            DrawWords(canvas.Slice(new Rectangle(NameColumns + 1, 0, canvas.Width - NameColumns - 2, canvas.Height)), lane.Words ?? "");
            return;
        }

        LaneChart.Draw(_spans[index], lane.Now is { } open ? (open.Phase, open.Since) : null, now, _axis!, _cells);
        for (int column = 0; column < columns; column++)
        {
            if (_cells[column] is { } phase)
                canvas.Fill(new Rectangle(NameColumns + 1 + column, 0, 1, 1), SignOn(canvas, phase), Look(phase));
        }

        var told = _figures[index];
        int right = NameColumns + 1 + columns + 1;
        DrawCalls(canvas, right, figures, lane.Model, told);
        if (canvas.Height < 2)
            return;
        DrawTicks(canvas, 1, _spans[index], columns);

        string latency = lane.State == LaneState.Failed ? lane.Words ?? "" : _race!.Gate.WasHeld ? "" : told is { Median: { } median, Longest: { } longest }
            ? $"{FigureText.Precise(median)} ≤ {FigureText.Precise(longest)}" : "";
        canvas.WriteField(right, 1, figures, Alignment.Left, lane.State == LaneState.Failed ? Theme.Failed : Theme.Faint, latency);
    }

    // In the rows of a lane, or as far as its one row goes; the chosen lane's stand below whole.
    private static void DrawWords(Canvas canvas, string words)
    {
        if (canvas.Height > 1)
            Paragraph.Draw(canvas, Theme.Waiting, words);
        else
            canvas.WriteField(0, 0, canvas.Width, Alignment.Left, Theme.Waiting, words);
    }

    // Which calls it makes, and how much of a processor that takes.
    private static void DrawCalls(Canvas canvas, int x, int columns, IoModel model, IoFigures figures)
    {
        string share = figures.ProcessorShare.ToString("0.0 %", CultureInfo.InvariantCulture);
        canvas.WriteField(x + columns - 8, 0, 7, Alignment.Right, figures.ProcessorShare > 0.5 ? Theme.Failed : Theme.Faint, share);
        canvas.WriteField(x, 0, columns - 9, Alignment.Left, Theme.Text, IoSentences.Calls(model, figures));
    }

    // Of the chosen lane: what comes next while stepping, its calls in time where the lanes have no room for them, its figures, and what the model is.
    private void DrawDetail(Canvas canvas, int columns, Obstacle? counting)
    {
        int row = 0;
        if (_race is null)
        {
            foreach (string hint in s_hints)
                row += 1 + Paragraph.Draw(canvas.Slice(new Rectangle(1, row, canvas.Width - 2, Math.Max(0, canvas.Height - row))), Theme.Text, hint);
            return;
        }

        var lane = _race.Lanes[Math.Min(_lane, _race.Lanes.Count - 1)];
        if (_laneRows == 1 && lane.State != LaneState.Absent && !_explains)
        {
            canvas.Write(1, 0, Theme.Faint, "its calls");
            DrawTicks(canvas, row++, _spans[Math.Min(_lane, _spans.Count - 1)], columns);
        }

        if (_explains)
            row += Write(canvas, row, Theme.Text, $"{lane.Model.Name()}: {lane.Model.Explain()}");
        if (!_isOver && _race.Gate.IsHeld)
            row += Write(canvas, row, Theme.Now, NextStep(lane));
        foreach (string line in IoSentences.Of(lane, _figures[Math.Min(_lane, _race.Lanes.Count - 1)], _race, counting))
            row += Write(canvas, row, lane.State == LaneState.Failed ? Theme.Failed : Theme.Text, line);
        if (!_explains && canvas.Height - row > 5)
            Write(canvas, row + 1, Theme.Faint, lane.Model.Explain());
    }

    private static int Write(Canvas canvas, int row, Style style, string text) =>
        row >= canvas.Height ? 0 : Paragraph.Draw(canvas.Slice(new Rectangle(1, row, canvas.Width - 2, canvas.Height - row)), style, text);

    private void DrawTicks(Canvas canvas, int row, List<LaneSpan> spans, int columns)
    {
        LaneChart.Ticks(spans, _axis!, _ticks);
        for (int column = 0; column < columns; column++)
        {
            if (_ticks[column] > 0)
                canvas.Write(NameColumns + 1 + column, row, Theme.Faint, _ticks[column] > 1 ? "‖" : "╵");
        }
    }

    // What the next step will do: of the chosen lane, and of the sender.
    private string NextStep(IoLane lane)
    {
        var gate = _race!.Gate;
        string sends = gate.SendsNext && gate.NextMessage is >= 0 and var message
            ? string.Create(CultureInfo.InvariantCulture, $"Space sends message {message + 1} of {Shown.Arrivals.Count} ({Shown.Arrivals[message].Bytes} bytes) to every lane. ") : "Space lets every lane make its next call. ";
        string next = lane.State switch
        {
            LaneState.Absent => "takes no part",
            LaneState.Done or LaneState.Failed => "has ended",
            _ when gate.Next(_lane) is { } call => call.Call.Explain(lane.Model),
            _ => lane.Now is { } now ? $"in {now.Call.Name()}, {LaneChart.Words(now.Phase)}" : "on its way to its next call",
        };
        return $"{sends}{lane.Model.Name()}: {next}.";
    }

    private static void DrawLegend(Canvas canvas)
    {
        int x = 0;
        foreach (var phase in LaneChart.Phases)
        {
            string words = canvas.Width >= 110 ? LaneChart.Words(phase) : LaneChart.Brief(phase);
            canvas.Fill(new Rectangle(x, 0, 1, 1), SignOn(canvas, phase), Look(phase));
            x = canvas.Write(x + 2, 0, Theme.Faint, words) + 2;
        }

        const string blank = "blank: between calls";
        if (x + blank.Length <= canvas.Width)
            canvas.Write(x, 0, Theme.Faint, blank);
    }

    // In a terminal without Unicode · and ░ would be the same.
    private static char SignOn(Canvas canvas, LanePhase phase) => phase == LanePhase.Free && canvas.Characters == CharacterSet.Ascii ? '-' : LaneChart.Sign(phase);

    private static Style Look(LanePhase phase) => phase switch
    {
        LanePhase.Spinning => Theme.Failed,
        LanePhase.Ready => Theme.Waiting,
        LanePhase.Copying => Theme.Now,
        LanePhase.Processing => Theme.Done,
        LanePhase.Free => Theme.Faint,
        _ => Theme.Border,
    };
}

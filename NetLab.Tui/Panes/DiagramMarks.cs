using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The ends of one connection upon the state diagram at a moment: a mark in each one's state, the path up to there lit in its actor's colour, the last
/// edge brightest. A mark glides along its edge when the change has just happened.
/// </summary>
/// <param name="ends">The ends; the first has ●, the second ■.</param>
/// <param name="context">The views.</param>
/// <param name="until">The moment; null for now.</param>
internal sealed class DiagramMarks(ConnectionEnd[] ends, PaneContext context, Timestamp? until)
{
    /// <summary>How long a mark is under way.</summary>
    public static Duration Glide => Duration.FromMilliseconds(400);

    private static readonly string[] s_signs = ["●", "■"];

    /// <summary>An end's sign.</summary>
    public static string Sign(int index) => s_signs[Math.Min(index, s_signs.Length - 1)];

    /// <summary>The last change of an end up to the moment; null where it had none yet.</summary>
    public StateChange? Last(ConnectionEnd end) => end.Path.LastOrDefault(IsPast);

    /// <summary>Whether a mark is under way now.</summary>
    public bool Glides => until is null && ends.Any(end => IsGliding(end));

    public void Draw(Canvas canvas, Diagram diagram)
    {
        diagram.Draw(canvas, Look, edge => Look(edge));
        if (until is not null)
            return;
        for (int index = 0; index < ends.Length; index++)
        {
            if (!IsGliding(ends[index]) || diagram.Edges.FirstOrDefault(edge => Takes(ends[index].Path[^1], edge)) is not { } way)
                continue;
            var (x, y) = way.At((context.Now - ends[index].Since).Seconds / Glide.Seconds);
            canvas.Write(x, y, Style(index).Bold, Sign(index));
        }
    }

    private bool IsPast(StateChange change) => until is not { } moment || change.Time <= moment;

    private bool IsGliding(ConnectionEnd end) => end.Path.Count > 1 && context.Now - end.Since < Glide && context.Now >= end.Since;

    private Style Style(int index) => Theme.Actor(StatesPane.ActorIndex(ends[index], context));

    private DiagramLook Look(DiagramNode node)
    {
        int[] here = [.. Enumerable.Range(0, ends.Length).Where(index => Last(ends[index])?.To.Name() == node.Name && !(until is null && IsGliding(ends[index])))];
        bool passed = ends.Any(end => end.Path.Any(change => IsPast(change) && change.To.Name() == node.Name));
        if (here.Length == 0)
            return new DiagramLook(passed ? Theme.Faint.Bold : Theme.Border, passed ? Theme.Title : Theme.Faint);
        string mark = here.Length > 1 ? $"{Sign(here[0])} {Sign(here[1])}" : Mark(here[0], node.Width - 4);
        return new DiagramLook(Theme.BorderLit, Theme.Now, mark, Style(here[0]).Bold);
    }

    private (bool Lit, Style Line, Style Label) Look(DiagramEdge edge)
    {
        int[] takers = [.. Enumerable.Range(0, ends.Length).Where(index => ends[index].Path.Any(change => IsPast(change) && Takes(change, edge)))];
        if (takers.Length == 0)
            return (false, Theme.Border, Theme.Faint);
        bool isLast = takers.Any(index => Last(ends[index]) is { } last && Takes(last, edge));
        var line = takers.Length > 1 ? Theme.Now : Style(takers[0]).Bold;
        return (true, line, isLast ? line : Theme.Text);
    }

    // An accepted socket begins at SYN_RCVD: the way there was its listener's passive open.
    private static bool Takes(StateChange change, DiagramEdge edge) =>
        change is { From: TcpState.Closed, To: TcpState.SynRcvd }
            ? (edge.From, edge.To) is ("CLOSED", "LISTEN") or ("LISTEN", "SYN_RCVD")
            : change.From.Name() == edge.From && change.To.Name() == edge.To;

    // The sign alone where the name finds no room: the line below says whose it is.
    private string Mark(int index, int room)
    {
        string sign = Sign(index);
        string full = until is null && ends[index].TimeWaitRemaining(context.Now) is { } left
            ? $"{sign} {Math.Ceiling(left.Seconds):0} s" : $"{sign} {StatesPane.NameOf(ends[index], context)}";
        return TextWidth.Of(full) <= room ? full : sign;
    }
}

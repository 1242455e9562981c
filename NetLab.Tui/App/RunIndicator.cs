using NetLab.Core.Scripts;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.App;

/// <summary>The right end of the top line: the experiment and how it stands, and what NetLab watches.</summary>
internal static class RunIndicator
{
    public static void Draw(Canvas canvas, LabScreen screen, PaneContext context)
    {
        string where = Environment.IsPrivilegedProcess ? "lo root" : "lo user";
        var (text, style) = Say(screen, context);
        int room = canvas.Width - where.Length - 3;
        // Where it is narrow, how the run stands matters more.
        if (TextWidth.Of(text, canvas.Characters) <= room)
            canvas.WriteField(0, 0, canvas.Width - 1, Alignment.Right, Theme.Faint, where);
        else
            room = canvas.Width - 1;
        canvas.WriteField(0, 0, Math.Max(0, room), Alignment.Right, style, text);
    }

    /// <summary>How many columns it takes.</summary>
    public static int Columns(LabScreen screen, PaneContext context) => TextWidth.Of(Say(screen, context).Item1) + 11;

    private static (string, Style) Say(LabScreen screen, PaneContext context)
    {
        if (screen.ShowsPeers)
            return SayOfPeer(screen);
        string name = screen.Experiments.SelectedName;
        if (screen.IsPaused)
            return ($"{name}  ‖ paused", Theme.Waiting);
        if (context.Lab.Run is not { } run)
            return (name, Theme.Text);
        if (!run.IsOver)
            return ($"{name}  ● {context.Now - run.Started}", Theme.Now);
        if (run.Passed)
            return ($"{name}  ✓ as expected", Theme.Done);
        return run.Outcome.Result.Status switch
        {
            RunStatus.Cancelled => ($"{name}  ■ stopped", Theme.Waiting),
            RunStatus.TimedOut => ($"{name}  ✗ time limit", Theme.Failed),
            RunStatus.Failed => ($"{name}  ✗ failed", Theme.Failed),
            _ => run.Results.Any(result => result.Verdict == Core.Verdict.NotMet)
                ? ($"{name}  ✗ not as expected", Theme.Failed) : ($"{name}  ? not decided here", Theme.Waiting),
        };
    }

    private static (string, Style) SayOfPeer(LabScreen screen)
    {
        if (screen.Peers.Selected is not { } held)
            return ("", Theme.Text);
        var (sign, word, style) = PeersPane.Standing(held);
        return screen.IsPaused ? ($"{held.Peer.Facts.Name}  ‖ paused", Theme.Waiting) : ($"{held.Peer.Facts.Name}  {sign} {word}", style);
    }
}

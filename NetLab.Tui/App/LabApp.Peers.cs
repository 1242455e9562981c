using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.Panes;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.App;

/// <content>Starting servers and clients, choosing among them, and what becomes of them at the end.</content>
public sealed partial class LabApp
{
    private ushort _followed;
    private bool _asked;
    private volatile bool _peersChanged;

    // The keys of the Lab that are about servers and clients; false where the key is none of them.
    private bool TakeOfPeers(KeyEvent key)
    {
        if (key.Is('n'))
            OpenForm();
        else if (key.Is(':'))
            AskCommand();
        else if (key.Is('R') && _view.Tab != 0)
            ShowPeersOnLab();
        else if (key.Is('R'))
            ShowPeers(!_view.ShowsPeers);
        else if (_view.Tab != 0)
            return false;
        else if (_view.ShowsPeers && _view.ActivePane == _view.Peers && Movement.Of(key, 5, _lab.Peers.All.Count) is { } places)
            ChoosePeer(places);
        else if (_view.ShowsPeers && _view.ActivePane == _view.Peers && key.Is('x'))
            ClearPeers();
        else
            return false;
        return true;
    }

    private void OpenForm()
    {
        // The chosen one first, then the newest.
        var servers = _lab.Peers.All.Reverse().OrderByDescending(held => held == _view.Peers.Selected).Where(held => held is { IsUp: true, Port: not 0, Peer.Facts.Role: PeerRole.Server });
        _view.Form = new PeerForm([.. servers.Select(held => held.Specification with { Port = held.Port })]);
    }

    private void TakeInForm(KeyEvent key)
    {
        var form = _view.Form!;
        form.Take(key);
        if (!form.IsOver)
            return;
        _view.Form = null;
        if (form.Taken is { } specification)
            StartPeer(specification);
    }

    private void StartPeer(PeerSpecification specification)
    {
        _lab.Peers.Changed = () =>
        {
            _peersChanged = true;
            _session.Input.Wake();
        };
        _view.Peers.Choose(_lab.Start(specification));
        ShowPeers(true);
        // Another tab stays: it may be the one that the server is for.
        if (_view.Tab != 0)
            _foot.Say($"{specification.Kind.Facts().Name} is started; R shows how it does.");
    }

    private void ShowPeersOnLab()
    {
        _view.ShowTab(0);
        ShowPeers(true);
    }

    // Shows the peers or the experiments; what runs of either goes on.
    private void ShowPeers(bool wanted)
    {
        if (!wanted && !_view.ShowsPeers)
            return;
        _view.Focus(null);
        _view.ShowsPeers = wanted;
        _cursor.Clear();
        _view.Reset();
        if (wanted)
        {
            if (_view.Peers.Selected is null)
                _view.Peers.Choose(_lab.Peers.Newest);
            FollowPeer();
        }
        else
        {
            _followed = 0;
            ShowExperiment();
        }
    }

    private void ChoosePeer(int places)
    {
        if (_view.Peers.Move(places, Context(_clock())))
            FollowPeer();
    }

    private void Follow(HeldPeer peer)
    {
        _view.Peers.Choose(peer);
        ShowPeers(true);
    }

    private void FollowPeer()
    {
        _cursor.Clear();
        _view.Reset();
        _followed = _view.Peers.Selected?.Port ?? 0;
        if (_view.Peers.Selected is { } peer)
            _lab.Show(peer);
    }

    // When something must be drawn although nothing happens: a clock is on the screen, or the rates of what runs are due.
    private Duration? Tick(Timestamp now)
    {
        var ofView = _view.Tick(Context(now)) ?? (_lab.IsRunning ? s_tick : null);
        if (_lab.Peers.NextSample() is not { } next)
            return ofView;
        var ofPeers = next > now ? next - now : Duration.Zero;
        return ofView is { } tick && tick < ofPeers ? tick : ofPeers;
    }

    // What was started or stopped is done. A port that the kernel chose is known only now.
    private void SeePeers()
    {
        _stale |= _peersChanged;
        _peersChanged = false;
        if (_view.ShowsPeers && _view.Peers.Selected is { } peer && peer.Port != _followed)
            FollowPeer();
    }

    private void ClearPeers()
    {
        int cleared = _lab.Peers.Clear();
        if (cleared == 0)
            _foot.Say(_lab.Peers.All.Count == 0 ? "Nothing is there to be cleared." : "All of them run; s stops the chosen one.");
        if (_view.Peers.Selected is { } selected && !_lab.Peers.All.Contains(selected))
        {
            _view.Peers.Choose(_lab.Peers.Newest);
            FollowPeer();
        }
    }

    // Asks once if connections would break; the same key again is the answer.
    private bool MayQuit(string key)
    {
        int open = _lab.Peers.All.Count(held => held.IsUp && held.Peer.Counters.Open > 0);
        if (open == 0 || _asked)
            return true;
        _asked = true;
        _foot.Fail($"{open} of the servers and clients still ha{(open == 1 ? "s" : "ve")} open connections: {key} again ends them and quits.");
        return false;
    }

    // A command line at the foot: what starts a peer outside starts one here, too.
    private void AskCommand() => _foot.Ask(new Prompt(":", "", LabCommands.Check, text =>
    {
        switch (LabCommands.Read(text, out var specification))
        {
            case LabCommand.Start: StartPeer(specification!); break;
            case LabCommand.New: OpenForm(); break;
            case LabCommand.Stop: _view.Peers.Selected?.Stop(); break;
            case LabCommand.Restart: _view.Peers.Selected?.Restart(); break;
            case LabCommand.StopAll:
                foreach (var held in _lab.Peers.All)
                    held.Stop();
                break;
            case LabCommand.Clear: ClearPeers(); break;
            case LabCommand.Running: ShowPeersOnLab(); break;
            case LabCommand.Experiments:
                _view.ShowTab(0);
                ShowPeers(false);
                break;
            case LabCommand.Run: RunNamed(LabCommands.NameIn(text)); break;
            case LabCommand.Help: _view.ShowsHelp = true; break;
            case LabCommand.Quit: Quit("q"); break;
        }
    }));

    private void RunNamed(string name)
    {
        ShowPeers(false);
        if (_view.Experiments.Choose(ScriptLibrary.Names.ToList().IndexOf(name)))
            ShowExperiment();
        RunFreely();
    }

    private void Quit(string key)
    {
        if (MayQuit(key))
            _exit = 0;
    }
}

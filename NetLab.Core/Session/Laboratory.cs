using NetLab.Core.Dns;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Core.Scripts;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The journal, the instruments that write into it, the views that read it, and at most one experiment that runs. It belongs to the thread that
/// made it: commands and the interface call <see cref="Update"/> in their loop.
/// </summary>
public sealed class Laboratory : IDisposable
{
    private readonly Func<Timestamp> _clock;
    private readonly Instruments _instruments;
    private ExperimentRun? _run;
    private ushort _dnsPort, _httpPort;

    /// <summary>A laboratory in which nothing runs.</summary>
    /// <param name="clock">The kernel's clock.</param>
    /// <param name="sampling">How often the socket table is sampled.</param>
    public Laboratory(Func<Timestamp> clock, Duration sampling)
    {
        _clock = clock;
        View = new LabView(Journal);
        Peers = new PeerGroup(Journal, clock);
        Dns = new DnsSession(Journal, clock);
        Http = new HttpSession(Journal, clock);
        _instruments = new Instruments(Journal, sampling);
    }

    /// <summary>The record of everything.</summary>
    public Journal Journal { get; } = new();

    /// <summary>What it shows.</summary>
    public LabView View { get; }

    /// <summary>The sources beside the script.</summary>
    public Instruments Instruments => _instruments;

    /// <summary>The servers and clients that run in the background.</summary>
    public PeerGroup Peers { get; }

    /// <summary>The walks through the tree of names.</summary>
    public DnsSession Dns { get; }

    /// <summary>The requests over HTTP.</summary>
    public HttpSession Http { get; }

    /// <summary>The races of the I/O models.</summary>
    public IoSession Io { get; } = new();

    /// <summary>The experiment that runs or ran last; null before the first.</summary>
    public ExperimentRun? Run => _run;

    /// <summary>Whether an experiment runs.</summary>
    public bool IsRunning => _run is { IsOver: false };

    /// <summary>Shows a script without running it.</summary>
    public void Show(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        ShowPortsOf(script);
        View.Steps.Show(script);
    }

    /// <summary>Starts a server or a client in the background; the instruments look at its port before it does anything.</summary>
    public HeldPeer Start(PeerSpecification specification)
    {
        var held = Peers.Add(specification);
        WatchPeers();
        held.Start();
        return held;
    }

    /// <summary>Shows what goes on at a peer's port, and what went on there as far as the journal has it; an experiment that runs is stopped.</summary>
    public void Show(HeldPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        Stop();
        WatchPeers();
        View.Replay(peer.Port);
    }

    /// <summary>Walks from the root to an answer; the instruments look at the port before it does anything.</summary>
    public DnsWalk Walk(DnsQuestion question)
    {
        _dnsPort = Dns.Port;
        if (View.Steps.Script is null)
            _instruments.Watch([_dnsPort]);
        else
            WatchPeers();
        return Dns.Walk(question);
    }

    /// <summary>Asks over HTTP; the instruments look at the server's port before it does anything.</summary>
    public HttpRun Ask(HttpRequestSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        if (UrlAnatomy.TryRead(specification.Url, out _) is { } url)
            _httpPort = (ushort)url.Port;
        if (View.Steps.Script is null)
            _instruments.Watch([_httpPort]);
        else
            WatchPeers();
        return Http.Ask(specification);
    }

    /// <summary>Shows what went on at the port that was asked over HTTP last, as far as the journal has it, in the place of the experiment, which is stopped.</summary>
    public void ShowHttp()
    {
        Stop();
        View.Replay(_httpPort);
    }

    /// <summary>Switches the instruments on for the ports of the peers, also those of the script that is shown: one that is known already goes on as it is.</summary>
    public void WatchPeers()
    {
        if (View.Steps.Script is { } script)
            Prepare(script);
    }

    /// <summary>Switches the instruments on for a script, so that what is missing here is known before it runs.</summary>
    public void Prepare(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _instruments.Watch(script.HasEphemeralPorts ? [] : HasOthers ? [.. script.Ports.Union(OtherPorts)] : script.Ports);
        View.Connections.Sources(_instruments.HasStates, _instruments.HasPackets);
    }

    /// <summary>Runs a script; one that runs already is stopped first.</summary>
    /// <param name="script">The script.</param>
    /// <param name="gate">What each step passes.</param>
    /// <param name="timeLimit">How long it may take; null for no limit.</param>
    public ExperimentRun Start(Script script, IGate gate, Duration? timeLimit)
    {
        ArgumentNullException.ThrowIfNull(script);
        Stop();
        _run?.Dispose();
        Prepare(script);
        View.Clear();
        Show(script);
        return _run = new ExperimentRun(this, script, new RunOptions { Clock = _clock, Gate = gate, TimeLimit = timeLimit });
    }

    /// <summary>Stops the experiment that runs, also out of a call that blocks; returns when nothing of it is left.</summary>
    public void Stop()
    {
        if (_run is not { IsOver: false } run)
            return;
        run.Cancel();
        run.Outcome.Wait();
    }

    /// <summary>Takes in what has happened and judges the experiment when its actors are done.</summary>
    /// <param name="now">The time now.</param>
    /// <param name="most">How many events at most.</param>
    /// <returns>Whether something that is shown may have changed.</returns>
    public bool Update(Timestamp now, int most = int.MaxValue)
    {
        bool changed = View.Fold(now, most) > 0 | Peers.Sample(now);
        changed |= View.Advance(now);
        if (changed)
            _run?.Publish();
        return changed | (_run?.Judge(now) ?? false);
    }

    /// <summary>Stops everything.</summary>
    public void Dispose()
    {
        Stop();
        _run?.Dispose();
        Peers.Dispose();
        Dns.Dispose();
        Http.Dispose();
        Io.Dispose();
        _instruments.Dispose();
    }

    private bool HasOthers => _dnsPort != 0 || _httpPort != 0 || Peers.All.Count > 0;

    private IEnumerable<ushort> OtherPorts => Peers.Ports.Append(_dnsPort).Append(_httpPort).Where(port => port != 0).Distinct();

    // What the peers do beside an experiment is not the experiment's, unless they use the same ports.
    private void ShowPortsOf(Script script)
    {
        ushort[] others = HasOthers ? [.. OtherPorts.Except(script.Ports)] : [];
        if (others.Length > 0 || View.Ports != PortSelection.All)
            View.Follow(others.Length == 0 ? PortSelection.All : PortSelection.Except(others));
    }
}

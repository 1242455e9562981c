using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>A load on a server: many connections that ask again and again, until the time is over, the last request is answered, or it is stopped.</summary>
public sealed class LoadRun : IDisposable
{
    private const int OpenedAtOnce = 128;

    // How long after the end answers that are under way are awaited.
    private static readonly Duration s_grace = Duration.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private readonly LoadSpecification _specification;
    private readonly LoadCounters _counters = new();
    private readonly LatencyHistogram _latencies = new();
    private readonly LoadSchedule _schedule;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly LoadConnection[] _connections;
    private readonly long _start;
    private long _finished;

    private LoadRun(LoadSpecification specification, Endpoint server, IReadOnlyList<Socket?> opened, Action<Socket>? announce)
    {
        (_specification, Server) = (specification, server);
        _start = KernelClock.Monotonic;
        _schedule = new LoadSchedule(specification, _start);
        _connections = [.. opened.Select(_ => new LoadConnection(specification, server, _schedule, _counters, _latencies, _abandoned.Token) { Announce = announce })];
        Completion = RunAsync(opened);
    }

    /// <summary>The address that accepted.</summary>
    public Endpoint Server { get; }

    /// <summary>Ends when everything is over.</summary>
    public Task Completion { get; }

    /// <summary>Opens the connections, then begins. A connection that does not come about now is tried again when it is its turn.</summary>
    /// <param name="specification">What load.</param>
    /// <param name="interrupt">Gives up opening.</param>
    /// <param name="announce">Told of each connection that was opened, from any thread; null for nobody.</param>
    /// <exception cref="SocketException">Not even one connection could be had: what the last address said.</exception>
    /// <exception cref="OperationCanceledException">Interrupted meanwhile.</exception>
    public static async Task<LoadRun> StartAsync(LoadSpecification specification, CancellationToken interrupt, Action<Socket>? announce = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var (server, first) = await FirstAsync(specification, interrupt);
        var opened = new Socket?[Math.Min(specification.Connections, specification.Requests)];
        opened[0] = first;
        try
        {
            await Parallel.ForAsync(1, opened.Length, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = interrupt }, async (index, token) =>
            {
                try
                {
                    opened[index] = await LoadConnection.OpenAsync(server, specification.Patience, token);
                }
                catch (SocketException)
                {
                    // Counted when its first request finds the same.
                }
            });
        }
        catch (OperationCanceledException)
        {
            foreach (var socket in opened)
                socket?.Dispose();
            throw;
        }

        return new LoadRun(specification, server, opened, announce);
    }

    /// <summary>The figures now; after <see cref="Completion"/>, the last ones.</summary>
    public LoadFigures Figures()
    {
        long now = Interlocked.Read(ref _finished) is var finished and not 0 ? finished : KernelClock.Monotonic;
        // Read before what was sent: so that no more is known of answers than of requests.
        long answered = Interlocked.Read(ref _counters.Answered);
        var errors = Enumerable.Range(0, LoadCounters.Kinds).Select(kind => ((LoadError)kind, Interlocked.Read(ref _counters.Errors[kind]))).Where(error => error.Item2 > 0).ToList();
        return new LoadFigures(new Duration(now - _start), _latencies)
        {
            Answered = answered,
            Errors = errors,
            Sent = Interlocked.Read(ref _counters.Sent),
            Due = _schedule.DueBy(now),
            Opened = Interlocked.Read(ref _counters.Opened),
            BytesSent = Interlocked.Read(ref _counters.BytesSent),
            BytesReceived = Interlocked.Read(ref _counters.BytesReceived),
            Statuses = [.. Enumerable.Range(1, 9).Select(hundreds => (hundreds, Interlocked.Read(ref _counters.Statuses[hundreds]))).Where(status => status.Item2 > 0)],
        };
    }

    /// <summary>What a list of servers and clients shows of it; makes no garbage.</summary>
    public PeerCounters Counters => new(Interlocked.Read(ref _counters.Open), Interlocked.Read(ref _counters.Opened), 0,
        Interlocked.Read(ref _counters.Answered), Interlocked.Read(ref _counters.BytesReceived), Interlocked.Read(ref _counters.BytesSent));

    /// <summary>Ends it at once; what is under way is not awaited. <see cref="Completion"/> tells when that is done.</summary>
    public void Stop()
    {
        _schedule.Stop(KernelClock.Monotonic);
        _abandoned.Cancel();
    }

    /// <summary>Ends it, and waits until its sockets are closed.</summary>
    public void Dispose()
    {
        Stop();
        Completion.GetAwaiter().GetResult();
        _abandoned.Dispose();
    }

    private static async Task<(Endpoint Server, Socket Socket)> FirstAsync(LoadSpecification specification, CancellationToken interrupt)
    {
        for (int index = 0; ; index++)
        {
            try
            {
                return (specification.Servers[index], await LoadConnection.OpenAsync(specification.Servers[index], specification.Patience, interrupt));
            }
            catch (SocketException)
            {
                interrupt.ThrowIfCancellationRequested();
                if (index == specification.Servers.Count - 1)
                    throw;
            }
        }
    }

    private async Task RunAsync(IReadOnlyList<Socket?> opened)
    {
        // Each begins on the thread pool: no connection waits for the first request of the one before it.
        var all = Task.WhenAll(_connections.Select((connection, index) => Task.Run(() => connection.RunAsync(opened[index]))));
        var watch = WatchAsync(all);
        try
        {
            await all;
        }
        finally
        {
            await watch;
            _schedule.Dispose();
            long last = Volatile.Read(ref _counters.LastAnswer) is var answer and not 0 ? answer : KernelClock.Monotonic;
            Interlocked.Exchange(ref _finished, _schedule.IsSpent ? last : Math.Max(last, _schedule.End));
            foreach (var connection in _connections)
                connection.Dispose();
        }
    }

    private async Task WatchAsync(Task all)
    {
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(s_look));
            long now = KernelClock.Monotonic;
            if (now > _schedule.End + s_grace.Nanoseconds)
                await _abandoned.CancelAsync();
            // What is abandoned has no time left at all.
            var (moment, patience) = _abandoned.IsCancellationRequested ? (long.MaxValue, Duration.Zero) : (now, _specification.Patience);
            foreach (var connection in _connections)
                connection.Watch(moment, patience);
        }
    }
}

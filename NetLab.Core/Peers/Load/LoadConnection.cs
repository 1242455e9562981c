using System.Net.Sockets;
using System.Runtime.CompilerServices;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>One of a load's connections: asks when its turn comes, takes the answer, opens itself again after an error. A request makes some 80 bytes of garbage.</summary>
internal sealed class LoadConnection : IDisposable
{
    // What an empty send buffer takes without waiting for the reader.
    private const int SentInOne = 16 * 1024;
    private const long Idle = 0, Expired = -1;
    private static readonly TimeSpan s_respite = TimeSpan.FromMilliseconds(20);
    private readonly LoadSpecification _specification;
    private readonly LoadSchedule _schedule;
    private readonly LoadCounters _counters;
    private readonly LatencyHistogram _latencies;
    private readonly LoadAnswer _answer;
    private readonly LoadTurn _turn = new();
    private readonly byte[] _buffer;
    private readonly Endpoint _server;
    private readonly CancellationToken _abandoned;
    private Socket? _socket;

    // Whether a request was answered on this connection; whether anything came since the last one was sent.
    private bool _wasUsed, _hasAnswered;

    // Since when an answer is awaited, in nanoseconds of the monotonic clock; or one of the constants above.
    private long _awaits;

    /// <param name="specification">What is asked.</param>
    /// <param name="server">Of whom.</param>
    /// <param name="schedule">When.</param>
    /// <param name="counters">Where what becomes of it is counted.</param>
    /// <param name="latencies">Where the time of each answer goes.</param>
    /// <param name="abandoned">Cancelled when what is still under way is not to be counted any more.</param>
    public LoadConnection(
        LoadSpecification specification, Endpoint server, LoadSchedule schedule, LoadCounters counters, LatencyHistogram latencies, CancellationToken abandoned)
    {
        (_specification, _server, _schedule, _counters, _latencies, _abandoned) = (specification, server, schedule, counters, latencies, abandoned);
        _answer = specification.Exchange.NewAnswer();
        _buffer = new byte[Math.Clamp((16 << 20) / specification.Connections, 4096, 65_536)];
    }

    /// <summary>Told of each socket that is opened; null for nobody.</summary>
    public Action<Socket>? Announce { get; init; }

    /// <summary>Asks until it is over.</summary>
    /// <param name="opened">A connection that is open already, if there is one.</param>
    public async Task RunAsync(Socket? opened)
    {
        if (opened is not null)
            Keep(opened);
        while (await _schedule.NextAsync(_turn) is var due and not LoadSchedule.Over)
        {
            Interlocked.Increment(ref _counters.Sent);
            LoadError? error = null;
            try
            {
                error = await AskAsync();
            }
            catch (SocketException refused)
            {
                error = LoadCounters.KindOf(refused.SocketErrorCode);
            }
            catch (ObjectDisposedException)
            {
                // Closed by the watch while nothing was under way in the kernel.
                error = LoadError.TimedOut;
            }

            bool isExpired = Interlocked.Exchange(ref _awaits, Idle) == Expired;
            if (isExpired)
                Close();
            if (error is null)
            {
                Count(due);
                continue;
            }

            Close();
            if (_abandoned.IsCancellationRequested)
                break;
            _counters.Count(isExpired ? LoadError.TimedOut : error.Value);
            if (KernelClock.Monotonic < _schedule.End)
                await Task.Delay(s_respite);
        }

        Close();
    }

    /// <summary>Gives up what takes longer than is allowed. Called now and then, from another thread.</summary>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="patience">How long an answer may take.</param>
    public void Watch(long now, Duration patience)
    {
        long since = Interlocked.Read(ref _awaits);
        if (since > 0 && now - since > patience.Nanoseconds && Interlocked.CompareExchange(ref _awaits, Expired, since) == since)
            Volatile.Read(ref _socket)?.Dispose();
    }

    public void Dispose() => _socket?.Dispose();

    private void Count(long due)
    {
        long now = KernelClock.Monotonic;
        _latencies.Record(new Duration(now - due));
        Interlocked.Increment(ref _counters.Answered);
        Interlocked.Increment(ref _counters.Statuses[Math.Min(_answer.Status / 100, 9)]);
        // Of several that write the last one, the clocks differ by less than anybody is told.
        Volatile.Write(ref _counters.LastAnswer, now);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LoadError?> AskAsync()
    {
        bool maySendAgain = _specification.Exchange.MaySendAgain;
        while (true)
        {
            // A server may close an idle connection at any time, also while a request is on its way.
            bool isStale = maySendAgain && _wasUsed && _socket is not null;
            if (_socket is null)
                await OpenAsync();
            Interlocked.Exchange(ref _awaits, KernelClock.Monotonic);
            LoadError? error;
            try
            {
                error = await ExchangeAsync();
            }
            catch (SocketException gone) when (isStale && LoadCounters.KindOf(gone.SocketErrorCode) == LoadError.Reset)
            {
                error = LoadError.Reset;
            }

            if (!isStale || _hasAnswered || error is not (LoadError.Reset or LoadError.ClosedEarly))
                return error;
            Close();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LoadError?> ExchangeAsync()
    {
        var socket = _socket!;
        _hasAnswered = false;
        _answer.Begin();
        var request = _specification.Exchange.Request;
        // What is long is sent while the answer is read: an echo server stops reading when nobody reads what it writes.
        Task<int>? sending = request.Length > SentInOne ? socket.SendAsync(request, SocketFlags.None).AsTask() : null;
        if (sending is null)
            Interlocked.Add(ref _counters.BytesSent, await socket.SendAsync(request, SocketFlags.None));
        var progress = AnswerProgress.More;
        while (progress == AnswerProgress.More)
        {
            int count = await socket.ReceiveAsync(_buffer, SocketFlags.None);
            if (count == 0)
            {
                if (!_answer.IsWholeAtEnd)
                    return LoadError.ClosedEarly;
                progress = AnswerProgress.WholeAndLast;
                break;
            }

            _hasAnswered = true;
            Interlocked.Add(ref _counters.BytesReceived, count);
            progress = _answer.Take(_buffer.AsSpan(0, count));
        }

        if (progress == AnswerProgress.Wrong)
            return LoadError.WrongAnswer;
        if (sending is not null)
            Interlocked.Add(ref _counters.BytesSent, await sending);
        _wasUsed = true;
        if (progress == AnswerProgress.WholeAndLast)
            Close();
        return null;
    }

    private async ValueTask OpenAsync()
    {
        var socket = await OpenAsync(_server, _specification.Patience, _abandoned);
        _wasUsed = false;
        Keep(socket);
    }

    private void Keep(Socket socket)
    {
        Interlocked.Increment(ref _counters.Opened);
        Interlocked.Increment(ref _counters.Open);
        Volatile.Write(ref _socket, socket);
        Announce?.Invoke(socket);
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SocketException">There is none to be had; TimedOut also when it was abandoned.</exception>
    public static async Task<Socket> OpenAsync(Endpoint server, Duration patience, CancellationToken abandoned)
    {
        var socket = new Socket(server.Address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        limit.CancelAfter(patience.ToTimeSpan());
        try
        {
            // A request is small and goes out at once.
            socket.NoDelay = true;
            await socket.ConnectAsync(server.Address.ToIPAddress(), server.Port, limit.Token);
            return socket;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close()
    {
        if (_socket is null)
            return;
        _socket.Dispose();
        Volatile.Write(ref _socket, null);
        Interlocked.Decrement(ref _counters.Open);
    }
}

using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class OutputReaderTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public async Task Frames_are_told_apart_by_their_source()
    {
        var output = await CollectAsync([.. Frame(1, "out"), .. Frame(2, "err"), .. Frame(0, "in"), .. Frame(1, "")]);

        output.StandardOutput.Should().Be("outin");
        output.StandardError.Should().Be("err");
    }

    [Test]
    public void Frames_mean_the_same_however_they_are_cut() =>
        Gen.Select(Gen.Select(Gen.Int[1, 2], Gen.Byte.Array[0, 100]).Array[0, 20], Gen.Int[1, 50]).Sample((frames, cut) =>
        {
            var bytes = frames.SelectMany(frame => Frame((byte)frame.Item1, frame.Item2)).ToArray();

            var output = CollectAsync(bytes, cut).GetAwaiter().GetResult();

            return output.StandardOutputBytes.Span.SequenceEqual(frames.Where(frame => frame.Item1 == 1).SelectMany(frame => frame.Item2).ToArray())
                && output.StandardErrorBytes.Span.SequenceEqual(frames.Where(frame => frame.Item1 == 2).SelectMany(frame => frame.Item2).ToArray());
        });

    [Test]
    public async Task Plain_bytes_of_a_terminal_are_taken_as_they_are()
    {
        var output = await CollectAsync(Frame(2, "x"), isFramed: false);

        output.StandardOutputBytes.ToArray().Should().Equal(Frame(2, "x"));
    }

    [Test]
    public async Task An_end_within_a_frame_is_an_error_wherever_it_is([Range(1, 10)] int length)
    {
        var collect = () => CollectAsync(Frame(1, "abc")[..length]);

        (await collect.Should().ThrowAsync<EngineUnreachableException>()).WithMessage("*within a frame*");
    }

    [TestCase(4, 0)]
    [TestCase(255, 0)]
    [TestCase(1, 1)]
    public async Task A_header_that_is_none_is_an_error(byte kind, byte padding)
    {
        var collect = () => CollectAsync([kind, padding, 0, 0, 0, 0, 0, 1, 0]);

        (await collect.Should().ThrowAsync<EngineProtocolException>()).WithMessage("*not in frames*");
    }

    [Test]
    public async Task An_absurd_length_is_an_error_before_anything_is_read()
    {
        var collect = () => CollectAsync([1, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, (byte)'x']);

        (await collect.Should().ThrowAsync<EngineProtocolException>()).WithMessage("*2147483647 bytes*");
    }

    [Test]
    public async Task An_error_the_engine_reports_in_place_of_output_is_thrown()
    {
        var collect = () => CollectAsync([.. Frame(1, "out"), .. Frame(3, "Error grabbing logs: disk\u0007 gone\n")], cut: 5);

        (await collect.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().Be("Error grabbing logs: disk\\u0007 gone");
    }

    [Test]
    public async Task A_second_reader_is_refused()
    {
        await using var reader = new OutputReader(_address, "read", new CutStream([], 1) { IsOpen = true }, isFramed: true);
        var first = reader.ReadAsync(CancellationToken.None).AsTask();

        var second = () => reader.ReadAsync(CancellationToken.None).AsTask();

        await second.Should().ThrowAsync<InvalidOperationException>();
        first.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Disposing_ends_a_read_under_way()
    {
        var reader = new OutputReader(_address, "read", new CutStream([], 1) { IsOpen = true }, isFramed: true);
        var read = reader.ReadAsync(CancellationToken.None).AsTask();

        await reader.DisposeAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Test]
    public async Task Empty_frames_without_end_can_be_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        await using var reader = new OutputReader(_address, "read", new FloodStream(giveUp), isFramed: true);

        var read = () => reader.ReadAsync(giveUp.Token).AsTask();

        await read.Should().ThrowAsync<OperationCanceledException>();
    }

    private static byte[] Frame(byte kind, string text) => Frame(kind, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte kind, byte[] payload)
    {
        var header = new byte[8];
        header[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), payload.Length);
        return [.. header, .. payload];
    }

    private static async Task<CollectedOutput> CollectAsync(byte[] bytes, int cut = 1, bool isFramed = true)
    {
        await using var reader = new OutputReader(_address, "read", new CutStream(bytes, cut), isFramed);
        var collector = new OutputCollector(100_000);
        while (await reader.ReadAsync(CancellationToken.None) is { } chunk)
        {
            collector.Add(chunk);
        }

        return collector.ToOutput();
    }

    /// <summary>Gives empty frames for ever and without a pause; the caller loses patience meanwhile.</summary>
    private sealed class FloodStream(CancellationTokenSource giveUp) : MemoryStream
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++_reads == 10)
            {
                giveUp.Cancel();
            }

            _reads.Should().BeLessThan(100, "the reader should have given up");
            buffer.Span.Clear();
            return ValueTask.FromResult(8);
        }
    }
}

<?php
// Jardin from a shop's own server in PHP, without a package: a token for a page, a list while the page is made, an order when it is
// paid. The key stays here.

declare(strict_types=1);

/** What was told and not taken, in words; the caller can tell it again. */
final class JardinNotTaken extends RuntimeException {}

final class JardinServer
{
    private const CHANGE_SECONDS = 5.0;

    /** `$url` is where Jardin answers, `$key` a key with the roles `serve` and `ingest`, `$listSeconds` how long a list is waited for. */
    public function __construct(private string $url, private ?string $key = null, private float $listSeconds = 0.15) {}

    /** The list of a place, or none where it cannot be had in time: a page is never held up by it. */
    public function list(string $placement, array $request = []): array
    {
        try {
            return $this->call('/v1/recommendations', ['placement' => $placement] + $request, $this->listSeconds)['items'];
        } catch (JardinNotTaken) {
            return [];
        }
    }

    /** A token that the page's own calls carry. The claims say for whom, for what and how long. */
    public function token(array $claims): string
    {
        return $this->call('/v1/tokens', $claims, self::CHANGE_SECONDS)['token'];
    }

    /** Records an order; told twice it counts once. `$whom` may name `session_id` and `subject_id`. */
    public function recordOrder(string $id, string $at, array $lines, array $whom = []): void
    {
        $items = array_map(fn (array $line): array => [
            'item_id' => $line['item_id'], 'quantity' => $line['quantity'], 'price' => $line['price'],
        ], $lines);
        $event = ['event_id' => "purchase-$id", 'type' => 'purchase', 'occurred_at' => $at, 'items' => $items] + $whom;
        $rejected = $this->call('/v1/events', ['events' => [$event]], self::CHANGE_SECONDS)['rejected'];
        if ($rejected !== []) {
            throw new JardinNotTaken($rejected[0]['detail'] ?? $rejected[0]['problem']);
        }
    }

    private function call(string $path, array $body, float $seconds): array
    {
        $header = ['content-type: application/json'];
        if ($this->key !== null) {
            $header[] = "authorization: Bearer {$this->key}";
        }
        $context = stream_context_create(['http' => [
            'method' => 'POST', 'header' => $header, 'content' => json_encode($body, JSON_THROW_ON_ERROR),
            'timeout' => $seconds, 'ignore_errors' => true, 'follow_location' => 0,
        ]]);
        // a shop without Jardin shows a page without a list, and no warning to its shoppers
        $text = @file_get_contents($this->url . $path, false, $context);
        $status = (int) (explode(' ', $http_response_header[0] ?? '')[1] ?? 0);
        $answer = is_string($text) ? json_decode($text, true) : null;
        if ($status < 200 || $status > 299 || !is_array($answer)) {
            throw new JardinNotTaken($answer['detail'] ?? 'Jardin did not answer');
        }
        return $answer;
    }
}

-- A transfer id stands once: it comes back on the bank statement.
SELECT t.transfer_id AS transfer_id, count(*) AS times
FROM transfers AS t
GROUP BY t.transfer_id
HAVING count(*) <> 1
